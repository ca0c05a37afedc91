/* SPDX-License-Identifier: Apache-2.0
   c0: what starting and reaping any process costs. */
int main(void) {
  return 0;
}
