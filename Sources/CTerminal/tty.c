// The terminal's descriptors, its modes, and stderr while the screen is up.
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "internal.h"

enum { LONGEST_SEQUENCE = 512 };

static int out = -1;    // frames
static int guard = -1;  // the same terminal, for the restore sequence alone
static int in = -1;     // keys
static int null = -1;   // takes the place of `out` in a crash
static int captured = -1, stderr_before = -1;
static struct termios modes_before;
static char enter_sequence[LONGEST_SEQUENCE], leave_sequence[LONGEST_SEQUENCE];
static size_t enter_length, leave_length;
static atomic_bool taken;  // the screen is ours

static int duplicate(int descriptor) { return fcntl(descriptor, F_DUPFD_CLOEXEC, 3); }

/// Opens the terminal anew, so that O_NONBLOCK does not leak into the description that the shell
/// shares; a plain duplicate (blocking) where its name cannot be opened.
static int open_again(int descriptor) {
  char name[256];
  struct stat here, there;
  if (ttyname_r(descriptor, name, sizeof name) == 0) {
    int fresh = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (fresh >= 0) {
      if (fstat(fresh, &there) == 0 && fstat(descriptor, &here) == 0 &&
          here.st_rdev == there.st_rdev)
        return fresh;
      close(fresh);
    }
  }
  return duplicate(descriptor);
}

int ct_tty_open(void) {
  in = isatty(STDIN_FILENO) ? duplicate(STDIN_FILENO) : open("/dev/tty", O_RDWR | O_CLOEXEC);
  if (in < 0) return -1;
  out = open_again(STDOUT_FILENO);
  guard = duplicate(out);
  null = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (out < 0 || guard < 0 || null < 0 || tcgetattr(in, &modes_before) != 0) {
    int reason = errno;
    ct_tty_close();
    errno = reason;
    return -1;
  }
  return 0;
}

void ct_tty_close(void) {
  int *all[] = {&out, &guard, &in, &null};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    if (*all[i] >= 0) close(*all[i]);
    *all[i] = -1;
  }
}

int ct_tty_out(void) { return out; }
int ct_tty_in(void) { return in; }

void ct_tty_raw(void) {
  struct termios raw = modes_before;
  raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ECHONL | IEXTEN);
  raw.c_iflag &= ~(tcflag_t)(ICRNL | INLCR | IGNCR | IXON | ISTRIP);
  raw.c_oflag &= ~(tcflag_t)OPOST;
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  while (tcsetattr(in, TCSANOW, &raw) != 0 && errno == EINTR) {
  }
}

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int write_to(int descriptor, const char *bytes, size_t count, int milliseconds) {
  const int64_t deadline = now() + milliseconds;
  while (count > 0) {
    ssize_t written = write(descriptor, bytes, count);
    if (written > 0) {
      bytes += written;
      count -= (size_t)written;
    } else if (written < 0 && errno == EAGAIN) {
      // The terminal takes nothing now. Look up every 50 ms: a signal may have been handled by
      // another thread, which does not interrupt this poll.
      struct pollfd ready = {.fd = descriptor, .events = POLLOUT};
      poll(&ready, 1, 50);
      if (ready.revents & (POLLHUP | POLLERR | POLLNVAL)) return -1;
    } else if (written < 0 && errno != EINTR) {
      return -1;
    }
    if (count > 0 && (milliseconds < 0 ? ct_signals_pending() : now() > deadline)) return -2;
  }
  return 0;
}

int ct_tty_write(const char *bytes, size_t count, int milliseconds) {
  return write_to(out, bytes, count, milliseconds);
}

void ct_tty_sequences(const char *enter, const char *leave) {
  enter_length = strlen(enter) < LONGEST_SEQUENCE ? strlen(enter) : 0;
  leave_length = strlen(leave) < LONGEST_SEQUENCE ? strlen(leave) : 0;
  memcpy(enter_sequence, enter, enter_length);
  memcpy(leave_sequence, leave, leave_length);
}

void ct_tty_enter(void) {
  atomic_store(&taken, true);
  ct_tty_write(enter_sequence, enter_length, 500);
}

void ct_tty_restore(bool forbid) {
  if (forbid && out >= 0) dup2(null, out);
  if (!atomic_exchange(&taken, false)) return;
  write_to(guard, leave_sequence, leave_length, 500);
  while (tcsetattr(in, TCSANOW, &modes_before) != 0 && errno == EINTR) {
  }
}

int ct_memory(const char *name) {
#ifdef __linux__
  return memfd_create(name, MFD_CLOEXEC);
#else
  (void)name;
  FILE *file = tmpfile();
  if (!file) return -1;
  int descriptor = fcntl(fileno(file), F_DUPFD_CLOEXEC, 0);
  fclose(file);
  return descriptor;
#endif
}

void ct_stderr_capture(void) {
  if (captured >= 0 || !isatty(STDERR_FILENO)) return;
  captured = ct_memory("stderr");
  if (captured < 0) return;
  stderr_before = duplicate(STDERR_FILENO);
  dup2(captured, STDERR_FILENO);
}

void ct_stderr_release(void) {
  if (captured < 0) return;
  int source = captured;
  captured = -1;
  dup2(stderr_before, STDERR_FILENO);
  char buffer[1024];
  off_t offset = 0;
  ssize_t count;
  while ((count = pread(source, buffer, sizeof buffer, offset)) > 0) {
    if (write(STDERR_FILENO, buffer, (size_t)count) < 0 && errno != EINTR) break;
    offset += count;
  }
  close(source);
  close(stderr_before);
}
