/* Preloaded: one call of a kind fails. FAIL_KIND is "alloc" (malloc and its like, operator new) or "call"
   (system calls). A place is the stack of callers, by the hashes of its nearest ones and of all, which are
   the same in each run: call number FAIL_NTH that comes from FAIL_AT fails, and the file FAIL_STACK gets its
   callers. FAIL_LIST is a file that gets, of all places, the hashes and how many calls came from there. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <unwind.h>

enum kind { NONE, ALLOC, CALL };
enum { NEAR = 4, PLACES = 1 << 16 };
static enum kind failing;
static struct stack {
  uint64_t near, hash;
  int depth;
} at;
static long nth;
static int report = -1;
static struct place {
  struct stack stack;
  long count;
} places[PLACES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

__attribute__((constructor)) static void begin(void) {
  const char* kind = getenv("FAIL_KIND");
  const char* place = getenv("FAIL_AT");
  const char* number = getenv("FAIL_NTH");
  const char* shown = getenv("FAIL_STACK");
  if (place) sscanf(place, "%lx:%lx", &at.near, &at.hash);
  nth = number ? atol(number) : 0;
  if (shown) report = creat(shown, 0600); /* a confined thread could not */
  failing = !kind ? NONE : !strcmp(kind, "alloc") ? ALLOC : CALL;
}

__attribute__((destructor)) static void end(void) {
  const char* path = getenv("FAIL_LIST");
  failing = NONE;
  FILE* file = path ? fopen(path, "w") : NULL;
  if (!file) return;
  for (int i = 0; i < PLACES; ++i) {
    const struct stack* stack = &places[i].stack;
    if (places[i].count) fprintf(file, "%016lx:%016lx %ld\n", stack->near, stack->hash, places[i].count);
  }
  fclose(file);
}

/* Addresses count from the start of their library: where that lies is different in each run. */
static _Unwind_Reason_Code add_caller(struct _Unwind_Context* context, void* into) {
  struct stack* stack = into;
  const uintptr_t address = _Unwind_GetIP(context);
  struct dl_find_object object;
  if (_dl_find_object((void*)(address - 1), &object)) return _URC_END_OF_STACK;
  stack->hash = (stack->hash ^ (address - (uintptr_t)object.dlfo_map_start)) * 0x9e3779b97f4a7c15;
  stack->hash ^= stack->hash >> 29;
  if (++stack->depth <= NEAR) stack->near = stack->hash;
  const int is_elsewhere =
      stack->depth == NEAR && at.near && stack->near != at.near; /* the rest would take long */
  return is_elsewhere ? _URC_END_OF_STACK : _URC_NO_REASON;
}

static long count(const struct stack* stack) {
  pthread_mutex_lock(&lock);
  struct place* place = &places[stack->hash % PLACES];
  while (place->count && place->stack.hash != stack->hash)
    place = place == places + PLACES - 1 ? places : place + 1;
  place->stack = *stack;
  const long result = ++place->count;
  pthread_mutex_unlock(&lock);
  return result;
}

static void show_stack(void) {
  void* callers[64];
  backtrace_symbols_fd(callers, backtrace(callers, 64), report);
}

static int fails(enum kind kind, int code) {
  static _Thread_local int is_busy; /* what we call ourselves neither counts nor fails */
  if (failing != kind || is_busy) return 0;
  is_busy = 1;
  struct stack callers = {0, 0, 0};
  _Unwind_Backtrace(add_caller, &callers);
  const int result = count(&callers) == nth && callers.hash == at.hash;
  if (result) show_stack();
  if (result) failing = NONE;
  is_busy = 0;
  if (result) errno = code;
  return result;
}

/* Where there is a sanitizer, its allocator is the next one, and its operator new does not come to malloc. */
#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define SAME(name, ...)          \
  static __typeof__(&name) next; \
  if (!next) next = NEXT(name);  \
  return next(__VA_ARGS__)

extern void __asan_init(void) __attribute__((weak));
extern void _ZSt17__throw_bad_allocv(void) __attribute__((weak));

void* malloc(size_t size) {
  if (fails(ALLOC, ENOMEM)) return NULL;
  SAME(malloc, size);
}
void* calloc(size_t n, size_t size) {
  if (fails(ALLOC, ENOMEM)) return NULL;
  SAME(calloc, n, size);
}
void* realloc(void* old, size_t size) {
  if (fails(ALLOC, ENOMEM)) return NULL;
  SAME(realloc, old, size);
}
void* _Znwm(size_t size) {
  if (__asan_init && fails(ALLOC, ENOMEM)) _ZSt17__throw_bad_allocv();
  SAME(_Znwm, size);
}

static mode_t mode_of(int flags, va_list* list) {
  return flags & O_CREAT ? va_arg(*list, mode_t) : 0;
}

int open(const char* path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  mode_t mode = mode_of(flags, &list);
  va_end(list);
  return fails(CALL, EMFILE) ? -1 : NEXT(open)(path, flags, mode);
}
int openat(int dir, const char* path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  mode_t mode = mode_of(flags, &list);
  va_end(list);
  return fails(CALL, EMFILE) ? -1 : NEXT(openat)(dir, path, flags, mode);
}
ssize_t read(int fd, void* into, size_t n) {
  return fails(CALL, EIO) ? -1 : NEXT(read)(fd, into, n);
}
ssize_t pread(int fd, void* into, size_t n, off_t at) {
  return fails(CALL, EIO) ? -1 : NEXT(pread)(fd, into, n, at);
}
ssize_t write(int fd, const void* from, size_t n) {
  return fails(CALL, EIO) ? -1 : NEXT(write)(fd, from, n);
}
int fstat(int fd, struct stat* to) {
  return fails(CALL, EIO) ? -1 : NEXT(fstat)(fd, to);
}
int fstatat(int dir, const char* path, struct stat* to, int flags) {
  return fails(CALL, EIO) ? -1 : NEXT(fstatat)(dir, path, to, flags);
}
int mkdirat(int dir, const char* path, mode_t mode) {
  return fails(CALL, EIO) ? -1 : NEXT(mkdirat)(dir, path, mode);
}
int unlinkat(int dir, const char* path, int flags) {
  return fails(CALL, EIO) ? -1 : NEXT(unlinkat)(dir, path, flags);
}
int renameat(int from_dir, const char* from, int to_dir, const char* to) {
  return fails(CALL, EIO) ? -1 : NEXT(renameat)(from_dir, from, to_dir, to);
}
int fchmod(int fd, mode_t mode) {
  return fails(CALL, EIO) ? -1 : NEXT(fchmod)(fd, mode);
}
int fsync(int fd) {
  return fails(CALL, EIO) ? -1 : NEXT(fsync)(fd);
}
int syncfs(int fd) {
  return fails(CALL, EIO) ? -1 : NEXT(syncfs)(fd);
}
int close(int fd) {
  const int broken = fails(CALL, EIO);
  const int result = NEXT(close)(fd);
  if (broken) errno = EIO;
  return broken ? -1 : result;
}
