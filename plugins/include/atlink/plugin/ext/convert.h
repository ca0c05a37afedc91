/* SPDX-License-Identifier: Apache-2.0 */
/*
 * atlink.convert/1: from one text format to another, for example from Markdown to the format in
 * which a product stores its pages.
 */
#ifndef ATLINK_PLUGIN_EXT_CONVERT_H
#define ATLINK_PLUGIN_EXT_CONVERT_H

#include "atlink/plugin/plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ATLINK_EXT_CONVERT_1 "atlink.convert/1"

/* One conversion that is offered. Names of formats are NUL-terminated, such as "markdown": 1 to 64
 * lower-case letters, digits and hyphens, a letter first. */
typedef struct atlink_conversion_1 {
  const char* from;
  const char* to;
} atlink_conversion_1_t;

typedef struct atlink_convert_1 {
  /* What is offered: `count` elements (1 to 256), constant while the object is loaded. Of one pair
   * of names there is one element. */
  const atlink_conversion_1_t* conversions;
  uint32_t count;

  /* Converts the whole of `input` and writes the result to `output`. For anything but ATLINK_OK a
   * sentence for people may go to `message` (without secrets and line breaks), and what `output`
   * got is worth nothing. A host asks only for what `conversions` offers; for anything else the
   * answer is ATLINK_ERROR_UNSUPPORTED.
   * OWNERSHIP: every argument stays the host's; the plugin keeps nothing of them.
   * VALID: all arguments (`from` and `to` NUL-terminated) until the call returns.
   * THREAD: any, several at once. */
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
