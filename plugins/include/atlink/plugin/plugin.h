/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The C interface of native extensions.
 *
 * A product plugin is a folder with a product.json; most need nothing else. What data cannot say
 * may come from a shared object beside it, <id>/<id>.so, through the tables that are declared here
 * and in ext/.
 *
 * The rules, in order of importance:
 *
 *  1. Pure C11. These headers include nothing but <stdbool.h>, <stddef.h> and <stdint.h>.
 *  2. The object exports exactly one symbol, `atlink_plugin_entry`, which is constant data.
 *  3. Loading is inert: no thread, no file, no output, no end of the process. A host may load an
 *     object only to look at its entry and unload it again.
 *  4. Structs never change once released. What is new gets a new extension id ("name/2").
 *  5. `get_extension` answers NULL for every id that it does not know, and the host lives without.
 *  6. No exception, longjmp or exit leaves a function of a plugin, and none of the host's enters
 *     one.
 *  7. A plugin never gets a credential. It converts and describes; the host signs and sends.
 *
 * Every function pointer below closes with three lines: OWNERSHIP (who keeps and frees what), VALID
 * (how long a pointer may be used), THREAD (who may call it when).
 *
 * All of this is for the meeting of two well-meaning sides. A loaded object runs with the rights of
 * the program; nothing here keeps a malicious one from anything.
 */
#ifndef ATLINK_PLUGIN_PLUGIN_H
#define ATLINK_PLUGIN_PLUGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Makes a definition visible to the host although all else of the object is hidden. */
#if defined(__GNUC__)
#  define ATLINK_PLUGIN_EXPORT __attribute__((visibility("default")))
#else
#  define ATLINK_PLUGIN_EXPORT
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this interface, which moves with every change of these headers. While the major is
 * 0 a host takes its exact pair only; from 1 on, its own major with every minor up to its own. */
#define ATLINK_PLUGIN_ABI_MAJOR 0
#define ATLINK_PLUGIN_ABI_MINOR 1

/* Text that need not end in NUL: `size` bytes of UTF-8 at `data`, which may be NULL where `size` is
 * 0. */
typedef struct atlink_text {
  const char* data;
  size_t size;
} atlink_text_t;

/* Where a plugin puts its output, piece by piece. Made by the host for one call. */
typedef struct atlink_sink {
  /* The host's own; a plugin passes the sink and leaves this alone. */
  void* host_data;

  /* Takes the next piece of the output. False: the host wants no more, and the plugin returns
   * ATLINK_ERROR_STOPPED at once.
   * OWNERSHIP: `piece` stays the plugin's; the host copies what it needs.
   * VALID: `piece` until the call returns; the sink until the plugin's function returns.
   * THREAD: only the thread that called the plugin. */
  bool (*write)(const struct atlink_sink* sink, atlink_text_t piece);
} atlink_sink_t;

/* What a function of a plugin answers. Values are only ever appended; a host takes one that it does
 * not know for ATLINK_ERROR_INTERNAL. */
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
  /* ATLINK_PLUGIN_ABI_MAJOR and _MINOR as the plugin was compiled with. They stay the first two
   * members for ever, so that a host can tell an entry of any version. */
  uint32_t abi_major;
  uint32_t abi_minor;

  /* The product id: the name of the folder and of the object. NUL-terminated. */
  const char* id;

  /* The plugin's own version, for people: one short line. NUL-terminated. */
  const char* version;

  /* The table of an extension ("atlink.convert/1"), or NULL for an id that the plugin does not
   * know. Always the same answer to the same id.
   * OWNERSHIP: `id` stays the host's, the table the plugin's; nobody frees either.
   * VALID: `id` (NUL-terminated) until the call returns; the table while the object is loaded.
   * THREAD: any, several at once, at any time after loading. */
  const void* (*get_extension)(const char* id);
} atlink_plugin_entry_t;

/* Defined by the plugin:
 *
 *     const atlink_plugin_entry_t atlink_plugin_entry = {
 *         ATLINK_PLUGIN_ABI_MAJOR, ATLINK_PLUGIN_ABI_MINOR, "acme", "1.0.0", get_extension};
 */
extern ATLINK_PLUGIN_EXPORT const atlink_plugin_entry_t atlink_plugin_entry;

/* The name that a host looks up. */
#define ATLINK_PLUGIN_SYMBOL "atlink_plugin_entry"

#ifdef __cplusplus
}
#endif

#endif
