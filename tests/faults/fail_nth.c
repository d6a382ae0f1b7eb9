/* Preloaded: call number FAIL_NTH of a kind fails. FAIL_KIND is "alloc" (malloc, calloc, realloc) or "call" (system calls).
   How many there were is written to the file FAIL_COUNT at the end. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);

enum kind { NONE, ALLOC, CALL };
static enum kind failing;
static atomic_long count;
static long nth;

__attribute__((constructor)) static void begin(void) {
  const char *kind = getenv("FAIL_KIND");
  const char *number = getenv("FAIL_NTH");
  nth = number ? atol(number) : 0;
  failing = !kind ? NONE : !strcmp(kind, "alloc") ? ALLOC : CALL;
}

__attribute__((destructor)) static void end(void) {
  const char *path = getenv("FAIL_COUNT");
  failing = NONE;
  FILE *file = path ? fopen(path, "w") : NULL;
  if (!file) return;
  fprintf(file, "%ld\n", atomic_load(&count));
  fclose(file);
}

static int fails(enum kind kind, int code) {
  if (failing != kind || atomic_fetch_add(&count, 1) + 1 != nth) return 0;
  errno = code;
  return 1;
}

void *malloc(size_t size) { return fails(ALLOC, ENOMEM) ? NULL : __libc_malloc(size); }
void *calloc(size_t n, size_t size) { return fails(ALLOC, ENOMEM) ? NULL : __libc_calloc(n, size); }
void *realloc(void *old, size_t size) { return fails(ALLOC, ENOMEM) ? NULL : __libc_realloc(old, size); }

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static mode_t mode_of(int flags, va_list *list) { return flags & O_CREAT ? va_arg(*list, mode_t) : 0; }

int open(const char *path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  mode_t mode = mode_of(flags, &list);
  va_end(list);
  return fails(CALL, EMFILE) ? -1 : NEXT(open)(path, flags, mode);
}
int openat(int dir, const char *path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  mode_t mode = mode_of(flags, &list);
  va_end(list);
  return fails(CALL, EMFILE) ? -1 : NEXT(openat)(dir, path, flags, mode);
}
ssize_t read(int fd, void *into, size_t n) { return fails(CALL, EIO) ? -1 : NEXT(read)(fd, into, n); }
ssize_t pread(int fd, void *into, size_t n, off_t at) { return fails(CALL, EIO) ? -1 : NEXT(pread)(fd, into, n, at); }
ssize_t write(int fd, const void *from, size_t n) { return fails(CALL, EIO) ? -1 : NEXT(write)(fd, from, n); }
int fstat(int fd, struct stat *to) { return fails(CALL, EIO) ? -1 : NEXT(fstat)(fd, to); }
int fstatat(int dir, const char *path, struct stat *to, int flags) {
  return fails(CALL, EIO) ? -1 : NEXT(fstatat)(dir, path, to, flags);
}
int mkdirat(int dir, const char *path, mode_t mode) { return fails(CALL, EIO) ? -1 : NEXT(mkdirat)(dir, path, mode); }
int unlinkat(int dir, const char *path, int flags) { return fails(CALL, EIO) ? -1 : NEXT(unlinkat)(dir, path, flags); }
int renameat(int from_dir, const char *from, int to_dir, const char *to) {
  return fails(CALL, EIO) ? -1 : NEXT(renameat)(from_dir, from, to_dir, to);
}
int fchmod(int fd, mode_t mode) { return fails(CALL, EIO) ? -1 : NEXT(fchmod)(fd, mode); }
int fsync(int fd) { return fails(CALL, EIO) ? -1 : NEXT(fsync)(fd); }
int syncfs(int fd) { return fails(CALL, EIO) ? -1 : NEXT(syncfs)(fd); }
int close(int fd) {
  const int broken = fails(CALL, EIO);
  const int result = NEXT(close)(fd);
  if (broken) errno = EIO;
  return broken ? -1 : result;
}
