/* SPDX-License-Identifier: Apache-2.0 */
/* A module as it should be: two conversions, and a text that it does not take. */
#include "atlink/plugin/ext/convert.h"
#include "atlink/plugin/plugin.h"

#include <string.h>

#ifndef VERSION
#  define VERSION "1.0.0"
#endif

static const atlink_conversion_1_t offered[] = {{"text", "upper"}, {"text", "failure"}};

static atlink_status_t say(const atlink_sink_t* message, const char* text, atlink_status_t status) {
  const atlink_text_t piece = {text, strlen(text)};
  message->write(message, piece);
  return status;
}

static atlink_status_t to_upper(atlink_text_t input, const atlink_sink_t* output) {
  size_t i = 0;
  for (i = 0; i < input.size; ++i) {
    const char c = input.data[i];
    const char up = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    const atlink_text_t piece = {&up, 1};
    if (!output->write(output, piece)) {
      return ATLINK_ERROR_STOPPED;
    }
  }
  return ATLINK_OK;
}

/* Fails with the status that the text names by its first digit. */
static atlink_status_t to_failure(atlink_text_t input, const atlink_sink_t* message) {
  const atlink_status_t status = input.size == 0 ? ATLINK_ERROR_INPUT : input.data[0] - '0';
  return status == ATLINK_ERROR_INPUT ? say(message, "line 1: \033[31mnot a number\n", status)
                                      : status;
}

static atlink_status_t convert(const char* from,
                               const char* to,
                               atlink_text_t input,
                               const atlink_sink_t* output,
                               const atlink_sink_t* message) {
  if (strcmp(from, "text") != 0) {
    return ATLINK_ERROR_UNSUPPORTED;
  }
  if (strcmp(to, "upper") == 0) {
    return to_upper(input, output);
  }
  return strcmp(to, "failure") == 0 ? to_failure(input, message) : ATLINK_ERROR_UNSUPPORTED;
}

static const atlink_convert_1_t table = {offered, 2, convert};

static const void* get_extension(const char* id) {
  return strcmp(id, ATLINK_EXT_CONVERT_1) == 0 ? &table : NULL;
}

const atlink_plugin_entry_t atlink_plugin_entry = {
    ATLINK_PLUGIN_ABI_MAJOR, ATLINK_PLUGIN_ABI_MINOR, "acme", VERSION, get_extension};
