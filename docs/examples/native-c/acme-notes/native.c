/* SPDX-License-Identifier: Apache-2.0 */
/* A native extension in C: offers atlink.convert/1 from plain text to HTML paragraphs. Lines make
 * up a paragraph until a blank one comes. */
#include <stdio.h>
#include <string.h>

#include <atlink/plugin/ext/convert.h>

static bool put(const atlink_sink_t* sink, const char* data, size_t size) {
  const atlink_text_t piece = {data, size};
  return size == 0 || sink->write(sink, piece);
}

static bool put_text(const atlink_sink_t* sink, const char* text) {
  return put(sink, text, strlen(text));
}

/* What stands for a character that HTML uses itself; NULL for every other. */
static const char* entity(char character) {
  switch (character) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    default:
      return NULL;
  }
}

static bool put_escaped(const atlink_sink_t* sink, atlink_text_t line) {
  size_t begin = 0;
  for (size_t at = 0; at < line.size; ++at) {
    const char* name = entity(line.data[at]);
    if (name != NULL) {
      if (!put(sink, line.data + begin, at - begin) || !put_text(sink, name)) {
        return false;
      }
      begin = at + 1;
    }
  }
  return put(sink, line.data + begin, line.size - begin);
}

/* Takes the next line off the front of `text`, without its break: LF, CR LF or CR. */
static atlink_text_t take_line(atlink_text_t* text) {
  atlink_text_t line = {text->data, 0};
  while (line.size < text->size && line.data[line.size] != '\n' && line.data[line.size] != '\r') {
    ++line.size;
  }
  size_t taken = line.size;
  if (taken < text->size) {
    const bool two = taken + 1 < text->size && memcmp(line.data + taken, "\r\n", 2) == 0;
    taken += two ? 2 : 1;
  }
  text->data += taken;
  text->size -= taken;
  return line;
}

static bool is_blank(atlink_text_t line) {
  size_t at = 0;
  while (at < line.size && (line.data[at] == ' ' || line.data[at] == '\t')) {
    ++at;
  }
  return at == line.size;
}

/* HTML has no way to write these. */
static bool has_control(atlink_text_t line) {
  for (size_t at = 0; at < line.size; ++at) {
    const unsigned char byte = (unsigned char)line.data[at];
    if ((byte < 0x20 && byte != '\t') || byte == 0x7f) {
      return true;
    }
  }
  return false;
}

static atlink_status_t refuse(const atlink_sink_t* message, unsigned long line) {
  char text[80];
  snprintf(text, sizeof text, "line %lu holds a control character", line);
  put_text(message, text);
  return ATLINK_ERROR_INPUT;
}

static atlink_status_t convert(const char* from,
                               const char* to,
                               atlink_text_t input,
                               const atlink_sink_t* output,
                               const atlink_sink_t* message) {
  if (strcmp(from, "text") != 0 || strcmp(to, "html") != 0) {
    return ATLINK_ERROR_UNSUPPORTED;
  }
  bool inside = false;
  for (unsigned long number = 1; input.size > 0; ++number) {
    const atlink_text_t line = take_line(&input);
    if (has_control(line)) {
      return refuse(message, number);
    }
    const bool blank = is_blank(line);
    const char* before = blank ? (inside ? "</p>\n" : "") : (inside ? "<br/>\n" : "<p>");
    if (!put_text(output, before) || (!blank && !put_escaped(output, line))) {
      return ATLINK_ERROR_STOPPED;
    }
    inside = !blank;
  }
  return put_text(output, inside ? "</p>\n" : "") ? ATLINK_OK : ATLINK_ERROR_STOPPED;
}

static const atlink_conversion_1_t conversions[] = {{"text", "html"}};
static const atlink_convert_1_t converter = {conversions, 1, convert};

static const void* get_extension(const char* id) {
  return strcmp(id, ATLINK_EXT_CONVERT_1) == 0 ? &converter : NULL;
}

const atlink_plugin_entry_t atlink_plugin_entry = {
    ATLINK_PLUGIN_ABI_MAJOR, ATLINK_PLUGIN_ABI_MINOR, "acme-notes", "1.0", get_extension};
