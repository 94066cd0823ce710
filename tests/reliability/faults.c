/* Faults where a store meets its disk: preloaded, it lets chosen calls on chosen files fail.

   FAULT_FILE  what the path of a file holds that is meant
   FAULT_CALL  open, read, write, fsync, lock or any
   FAULT_FROM  the first of these calls that is hit, from 1
   FAULT_COUNT how many are hit; 0 for all from there on
   FAULT_ERROR the number of the error; 0 to kill the process instead
   FAULT_SHM   1 where only locks of a log's index are meant

   Nothing happens until the process opens the file named by FAULT_START. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define FILES 4096
static char meant[FILES];
static int started, seen;

static const char *setting(const char *name) {
  const char *value = getenv(name);
  return value ? value : "";
}

static int is_hit(const char *call) {
  const char *wanted = setting("FAULT_CALL");
  if (!started || (strcmp(wanted, call) && strcmp(wanted, "any"))) return 0;
  int from = atoi(setting("FAULT_FROM")), count = atoi(setting("FAULT_COUNT"));
  seen++;
  if (seen < from || (count && seen >= from + count)) return 0;
  int error = atoi(setting("FAULT_ERROR"));
  if (!error) kill(getpid(), SIGKILL);
  errno = error;
  return 1;
}

static int is_path_meant(const char *path) {
  const char *file = setting("FAULT_FILE");
  return *file && strstr(path, file) != NULL;
}

static void note(int handle, const char *path) {
  if (handle >= 0 && handle < FILES) meant[handle] = is_path_meant(path);
}

static int is_meant(int handle) { return handle >= 0 && handle < FILES && meant[handle]; }

#define REAL(type, name, ...) \
  static type (*real)(__VA_ARGS__); \
  if (!real) real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static int start_at(const char *path) {
  const char *start = setting("FAULT_START");
  if (*start && strstr(path, start)) started = 1;
  return 0;
}

#define OPENING(name) \
  int name(const char *path, int flags, ...) { \
    REAL(int, #name, const char *, int, ...); \
    va_list rest; \
    va_start(rest, flags); \
    mode_t mode = (flags & O_CREAT) ? va_arg(rest, int) : 0; \
    va_end(rest); \
    start_at(path); \
    if (is_path_meant(path)) { \
      if (!strcmp(setting("FAULT_CALL"), "readonly") && started && (flags & O_ACCMODE) != O_RDONLY) { \
        errno = EROFS; \
        return -1; \
      } \
      if (is_hit("open")) return -1; \
    } \
    int handle = real(path, flags, mode); \
    note(handle, path); \
    return handle; \
  }
OPENING(open)
OPENING(open64)

int close(int handle) {
  REAL(int, "close", int);
  if (handle >= 0 && handle < FILES) meant[handle] = 0;
  return real(handle);
}

#define MOVING(name, call, buffer) \
  ssize_t name(int handle, buffer content, size_t size, off64_t at) { \
    REAL(ssize_t, #name, int, buffer, size_t, off64_t); \
    if (is_meant(handle) && is_hit(call)) return -1; \
    return real(handle, content, size, at); \
  }
MOVING(pread64, "read", void *)
MOVING(pwrite64, "write", const void *)

ssize_t pread(int handle, void *content, size_t size, off_t at) {
  return pread64(handle, content, size, at);
}
ssize_t pwrite(int handle, const void *content, size_t size, off_t at) {
  return pwrite64(handle, content, size, at);
}

ssize_t write(int handle, const void *content, size_t size) {
  REAL(ssize_t, "write", int, const void *, size_t);
  if (is_meant(handle) && is_hit("write")) return -1;
  return real(handle, content, size);
}

#define ENDING(name) \
  int name(int handle) { \
    REAL(int, #name, int); \
    if (is_meant(handle) && is_hit("fsync")) return -1; \
    return real(handle); \
  }
ENDING(fsync)
ENDING(fdatasync)

#define CUTTING(name) \
  int name(int handle, off64_t size) { \
    REAL(int, #name, int, off64_t); \
    if (is_meant(handle) && is_hit("write")) return -1; \
    return real(handle, size); \
  }
CUTTING(ftruncate64)
int ftruncate(int handle, off_t size) { return ftruncate64(handle, size); }

#define NAMING(name) \
  int name(const char *from, const char *to) { \
    REAL(int, #name, const char *, const char *); \
    if ((is_path_meant(from) || is_path_meant(to)) && is_hit("write")) return -1; \
    return real(from, to); \
  }
NAMING(rename)
NAMING(link)

int unlink(const char *path) {
  REAL(int, "unlink", const char *);
  if (is_path_meant(path) && is_hit("write")) return -1;
  return real(path);
}

#define LOCKING(name) \
  int name(int handle, int command, ...) { \
    REAL(int, #name, int, int, ...); \
    va_list rest; \
    va_start(rest, command); \
    void *argument = va_arg(rest, void *); \
    va_end(rest); \
    int is_lock = command == F_SETLK || command == F_SETLKW; \
    if (is_lock && ((struct flock *)argument)->l_type != F_UNLCK && is_meant(handle) && is_hit("lock")) \
      return -1; \
    return real(handle, command, argument); \
  }
LOCKING(fcntl)
LOCKING(fcntl64)
