/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The C interface of native extensions.
 *
 * A product plugin is a folder with a product.json; most need nothing else. What data cannot say
 * may come from a shared object beside it, <id>/<id>.so, through the tables declared here and in
 * ext/.
 *
 * The rules, in order of importance:
 *
 *  1. Pure C11. These headers include nothing but <stdbool.h>, <stddef.h> and <stdint.h>.
 *  2. The object exports exactly one symbol, `atlink_plugin_entry`, which is constant data.
 *  3. Loading is inert: no constructor, no thread, no file, no output. A host may load an object
 * only to look at its entry and unload it again.
 *  4. Structs never change once released. What is new gets a new extension id ("name/2").
 *  5. `get_extension` answers NULL for every id it does not know, and the host lives without it.
 *  6. No exception, longjmp or exit may leave a function of a plugin, and none of the host's enters
 * it.
 *  7. A plugin never gets a credential. It converts and describes; the host signs and sends.
 *
 * Every function pointer below ends in three lines: OWNERSHIP (who frees what), VALID (how long a
 * pointer may be used), THREAD (who may call it when).
 */
#ifndef ATLINK_PLUGIN_PLUGIN_H
#define ATLINK_PLUGIN_PLUGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this interface. Before 1.0 a host takes the exact pair only; from 1.0 on every
 * minor up to its own. */
#define ATLINK_PLUGIN_ABI_MAJOR 0
#define ATLINK_PLUGIN_ABI_MINOR 1

/* Text that need not end in NUL: `size` bytes of UTF-8 at `data`. `data` may be NULL where `size`
 * is 0. */
typedef struct atlink_text {
  const char* data;
  size_t size;
} atlink_text_t;

/* Where a plugin puts its output, piece by piece. Made by the host for one call. */
typedef struct atlink_sink {
  /* The host's; handed back to `write`. */
  void* host_data;

  /* Takes `piece`. False: the host wants no more; return ATLINK_ERROR_STOPPED at once.
   * OWNERSHIP: the plugin keeps `piece`; the host copies what it needs.
   * VALID: `piece` until the call returns; the sink until the plugin's function returns.
   * THREAD: the thread that called the plugin, and no other. */
  bool (*write)(const struct atlink_sink* sink, atlink_text_t piece);
} atlink_sink_t;

/* What a function of a plugin answers. New values are only ever appended. */
typedef int32_t atlink_status_t;

enum {
  ATLINK_OK = 0,
  ATLINK_ERROR_INPUT = 1,       /* the input is malformed; the message says where */
  ATLINK_ERROR_UNSUPPORTED = 2, /* this plugin does not do that */
  ATLINK_ERROR_MEMORY = 3,      /* out of memory */
  ATLINK_ERROR_STOPPED = 4,     /* the sink wanted no more */
  ATLINK_ERROR_INTERNAL = 5     /* a fault of the plugin */
};

/* The one exported symbol is a constant of this type. */
typedef struct atlink_plugin_entry {
  /* ATLINK_PLUGIN_ABI_MAJOR and _MINOR as the plugin was compiled with. */
  uint32_t abi_major;
  uint32_t abi_minor;

  /* The product id: the name of the folder and of the object. NUL-terminated. */
  const char* id;

  /* The plugin's own version, for people. NUL-terminated. */
  const char* version;

  /* The table of an extension ("atlink.convert/1"), or NULL for an id that the plugin does not
   * know. OWNERSHIP: the table belongs to the plugin; the host frees nothing. VALID: `id` until the
   * call returns; the table as long as the object is loaded. THREAD: any, at any time after
   * loading. */
  const void* (*get_extension)(const char* id);
} atlink_plugin_entry_t;

/* Puts in front of the entry's definition what makes it the exported symbol:
 *
 *     ATLINK_PLUGIN_EXPORT const atlink_plugin_entry_t atlink_plugin_entry = {...};
 */
#ifdef __cplusplus
#  define ATLINK_PLUGIN_EXPORT extern "C" __attribute__((visibility("default")))
#else
#  define ATLINK_PLUGIN_EXPORT __attribute__((visibility("default")))
#endif

/* The name to look up in the object. */
#define ATLINK_PLUGIN_SYMBOL "atlink_plugin_entry"

#ifdef __cplusplus
}
#endif

#endif
