/* SPDX-License-Identifier: Apache-2.0 */
/*
 * atlink.convert/1: from one text format to another, for example Markdown to the body format that a
 * product's pages are stored in.
 */
#ifndef ATLINK_PLUGIN_EXT_CONVERT_H
#define ATLINK_PLUGIN_EXT_CONVERT_H

#include "atlink/plugin/plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ATLINK_EXT_CONVERT_1 "atlink.convert/1"

/* One conversion that is offered. Names are lower-case words such as "markdown", NUL-terminated. */
typedef struct atlink_conversion_1 {
  const char* from;
  const char* to;
} atlink_conversion_1_t;

typedef struct atlink_convert_1 {
  /* What is offered: `count` elements at `conversions`, constant for the life of the object. */
  const atlink_conversion_1_t* conversions;
  uint32_t count;

  /* Converts the whole of `input` from the format `from` to `to` and writes the result to `output`.
   * For anything but ATLINK_OK a sentence for people may be written to `message` (no secrets, no
   * line breaks), and what `output` got so far is thrown away by the host. OWNERSHIP: all arguments
   * stay the host's; the plugin keeps nothing after it returns. VALID: `from`, `to`
   * (NUL-terminated) and `input` until the call returns. THREAD: any, and several at once. */
  atlink_status_t (*convert)(const char* from,
                             const char* to,
                             atlink_text_t input,
                             const atlink_sink_t* output,
                             const atlink_sink_t* message);
} atlink_convert_1_t;

#ifdef __cplusplus
}
#endif

#endif
