/* SPDX-License-Identifier: Apache-2.0
   spawn_time ROUNDS -- COMMAND… [-- COMMAND…]…

   Starts the commands in turn, so that drift of the machine meets all of them alike, and prints for
   each the medians of wall time and processor time (user + system) in microseconds, one command a
   line. Output of the commands goes to /dev/null; one that does not exit with 0 ends the
   measurement. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sys/resource.h>
#include <sys/wait.h>

extern char** environ;

enum { MOST_COMMANDS = 32, MOST_ROUNDS = 1000 };

static double wall[MOST_COMMANDS][MOST_ROUNDS];
static double cpu[MOST_COMMANDS][MOST_ROUNDS];

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double seconds(struct timeval t) {
  return (double)t.tv_sec * 1e6 + (double)t.tv_usec;
}

static void run(char** command, double* wall_time, double* cpu_time) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  int status = 0;
  struct rusage used;
  const double start = now();
  if (posix_spawnp(&child, command[0], &actions, NULL, command, environ) != 0 ||
      wait4(child, &status, 0, &used) != child || status != 0) {
    fprintf(stderr, "%s failed (status %d)\n", command[0], status);
    exit(1);
  }
  *wall_time = now() - start;
  *cpu_time = seconds(used.ru_utime) + seconds(used.ru_stime);
  posix_spawn_file_actions_destroy(&actions);
}

static int ascending(const void* a, const void* b) {
  const double x = *(const double*)a;
  const double y = *(const double*)b;
  return (x > y) - (x < y);
}

static double median(double* values, int count) {
  qsort(values, (size_t)count, sizeof *values, ascending);
  return values[count / 2];
}

int main(int argc, char** argv) {
  char** commands[MOST_COMMANDS];
  int count = 0;
  for (int i = 2; i < argc; ++i) {
    if (strcmp(argv[i], "--") == 0) {
      argv[i] = NULL;
      if (count == MOST_COMMANDS) {
        return 2;
      }
      commands[count++] = argv + i + 1;
    }
  }
  const int rounds = argc > 1 ? atoi(argv[1]) : 0;
  if (rounds < 1 || rounds > MOST_ROUNDS || count == 0) {
    fprintf(stderr, "usage: spawn_time ROUNDS -- COMMAND... [-- COMMAND...]...\n");
    return 2;
  }
  for (int round = -2; round < rounds; ++round) { /* two rounds to warm up */
    for (int i = 0; i < count; ++i) {
      double w = 0;
      double c = 0;
      run(commands[i], &w, &c);
      if (round >= 0) {
        wall[i][round] = w;
        cpu[i][round] = c;
      }
    }
  }
  for (int i = 0; i < count; ++i) {
    printf("%.1f %.1f\n", median(wall[i], rounds), median(cpu[i], rounds));
  }
  return 0;
}
