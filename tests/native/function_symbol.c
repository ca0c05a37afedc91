/* SPDX-License-Identifier: Apache-2.0 */
/* The exported name stands for something else than the entry. */
#define VISIBLE __attribute__((visibility("default")))

#if defined(SMALL)
VISIBLE const int atlink_plugin_entry = 1;
#else
VISIBLE void atlink_plugin_entry(void);

void atlink_plugin_entry(void) {}
#endif
