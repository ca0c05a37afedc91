/* SPDX-License-Identifier: Apache-2.0 */
/* Modules that each break one rule: the definition says which. With SILENT it breaks none and
 * offers nothing. */
#define _GNU_SOURCE
#include "atlink/plugin/ext/convert.h"
#include "atlink/plugin/plugin.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Not every fault uses all of what is here. */
#define MAYBE_UNUSED __attribute__((unused))

/* Where nothing is. */
MAYBE_UNUSED static volatile int* volatile nowhere = (volatile int*)8;

/* ---- at loading ---- */

#if defined(STARTS_THREAD)
static void* idle(void* nothing) {
  pause();
  return nothing;
}
#endif

#if defined(UNDEFINED)
void nobody_has_this(void);
#endif

__attribute__((constructor)) static void at_loading(void) {
#if defined(EXITS)
  exit(0);
#elif defined(CRASHES)
  *nowhere = 1;
#elif defined(ABORTS)
  abort();
#elif defined(ENDLESS)
  for (;;) {
    pause();
  }
#elif defined(PRINTS)
  (void)!write(1, "hello", 5);
#elif defined(PRINTS_LATER)
  printf("kept back until the stream is flushed");
#elif defined(PRINTS_FOREVER)
  static char much[1 << 16];
  for (;;) {
    (void)!write(2, much, sizeof much);
  }
#elif defined(OPENS)
  (void)!open("/dev/null", O_RDONLY);
#elif defined(STARTS_THREAD)
  pthread_t thread;
  pthread_create(&thread, NULL, idle, NULL);
#elif defined(UNDEFINED)
  nobody_has_this();
#endif
}

/* ---- the table ---- */

MAYBE_UNUSED static const atlink_conversion_1_t offered[] = {
#if defined(NULL_NAME)
    {"text", NULL}
#elif defined(BAD_NAME)
    {"text", "Upper\033[31m"}
#elif defined(TWICE)
    {"text", "upper"}, {"text", "upper"}
#else
    {"text", "upper"}
#endif
};

MAYBE_UNUSED static atlink_status_t convert(const char* from,
                                            const char* to,
                                            atlink_text_t input,
                                            const atlink_sink_t* output,
                                            const atlink_sink_t* message) {
  (void)from;
  (void)to;
  (void)input;
  (void)output;
  (void)message;
  return ATLINK_ERROR_UNSUPPORTED;
}

MAYBE_UNUSED static const atlink_convert_1_t table = {
#if defined(NO_ARRAY)
    NULL, 3, convert
#elif defined(NO_FUNCTION)
    offered, 1, NULL
#elif defined(NO_COUNT)
    offered, 0, convert
#elif defined(HUGE_COUNT)
    offered, 4000000000u, convert
#else
    offered, sizeof offered / sizeof offered[0], convert
#endif
};

/* ---- the entry ---- */

MAYBE_UNUSED static const void* get_extension(const char* id) {
#if defined(ANSWERS_ALL)
  (void)id;
  return &table;
#elif defined(ANSWERS_PREFIX)
  return strncmp(id, ATLINK_EXT_CONVERT_1, strlen(ATLINK_EXT_CONVERT_1)) == 0 ? &table : NULL;
#elif defined(OTHER_TABLES)
  static atlink_convert_1_t copies[2];
  static int calls = 0;
  copies[0] = copies[1] = table;
  return strcmp(id, ATLINK_EXT_CONVERT_1) == 0 ? &copies[++calls % 2] : NULL;
#elif defined(ASKED_EXITS)
  exit(id == NULL ? 1 : 3);
#elif defined(ASKED_CRASHES)
  *nowhere = id == NULL;
  return NULL;
#elif defined(ASKED_ENDLESS)
  while (id != NULL) {
    pause();
  }
  return NULL;
#elif defined(ASKED_PRINTS)
  fputs(id, stderr);
  return NULL;
#elif defined(SILENT)
  (void)id;
  return NULL;
#else
  return strcmp(id, ATLINK_EXT_CONVERT_1) == 0 ? &table : NULL;
#endif
}

#if defined(EXTRA_SYMBOL)
__attribute__((visibility("default"))) int acme_shows_this = 1;
#endif

#if defined(OLD_ABI)
#  define ABI 0, 0
#elif defined(NEW_ABI)
#  define ABI ATLINK_PLUGIN_ABI_MAJOR, ATLINK_PLUGIN_ABI_MINOR + 1
#elif defined(NEXT_ABI)
#  define ABI ATLINK_PLUGIN_ABI_MAJOR + 1, 0
#else
#  define ABI ATLINK_PLUGIN_ABI_MAJOR, ATLINK_PLUGIN_ABI_MINOR
#endif

#if defined(NULL_ID)
#  define ID NULL
#elif defined(BAD_ID)
#  define ID "Not an \033[31mid"
#elif defined(OTHER_ID)
#  define ID "other"
#elif defined(WILD_ID)
#  define ID (const char*)8
#else
#  define ID "acme"
#endif

#if defined(NULL_VERSION)
#  define VERSION NULL
#elif defined(LONG_VERSION)
#  define VERSION "1.0.0-0123456789012345678901234567890123456789012345678901234567890"
#elif defined(BAD_VERSION)
#  define VERSION "1.0\n"
#else
#  define VERSION "1.0.0"
#endif

#if defined(NULL_GET)
#  define GET NULL
#else
#  define GET get_extension
#endif

const atlink_plugin_entry_t atlink_plugin_entry = {ABI, ID, VERSION, GET};
