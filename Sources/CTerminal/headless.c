// Signals of a command without a screen: what is half written is removed, work that can be saved is
// asked for it once. Everything that a handler touches is async-signal-safe.
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <unistd.h>

#include "CTerminal.h"

enum { SLOTS = 16, LONGEST_PATH = 4096, PATIENCE = 250 * 1000 };  // microseconds

/// A file that must not outlive a process which ends early.
static struct {
  atomic_int state;  // of enum state
  char path[LONGEST_PATH];
} files[SLOTS];
enum state { FREE, FILLING, THERE };

static atomic_bool saves;   // the work looks for `noted`
static atomic_int noted;    // the first signal that asked it to end
static atomic_bool on_tty;  // a progress bar may stand in the line

bool ct_remember(const char *path) {
  const size_t length = strlen(path);
  if (length >= LONGEST_PATH) return false;
  for (int i = 0; i < SLOTS; i++) {
    int expected = FREE;
    if (!atomic_compare_exchange_strong(&files[i].state, &expected, FILLING)) continue;
    memcpy(files[i].path, path, length + 1);
    atomic_store(&files[i].state, THERE);
    return true;
  }
  return false;
}

void ct_forget(const char *path) {
  for (int i = 0; i < SLOTS; i++)
    if (atomic_load(&files[i].state) == THERE && strcmp(files[i].path, path) == 0)
      atomic_store(&files[i].state, FREE);
}

static void say(const char *text) {
  if (write(STDERR_FILENO, text, strlen(text)) < 0) {
    // Nobody is left to be told.
  }
}

static void alarm_in(int microseconds) {
  const struct itimerval time = {.it_value = {.tv_usec = microseconds}};
  setitimer(ITIMER_REAL, &time, NULL);
}

static void on_end(int number) {
  const int reason = errno;
  int none = 0;
  if (atomic_load(&saves) && atomic_compare_exchange_strong(&noted, &none, number)) {
    // A step is mostly shorter than this, and then nothing more needs to be said.
    alarm_in(PATIENCE);
    errno = reason;
    return;
  }
  for (int i = 0; i < SLOTS; i++)
    if (atomic_load(&files[i].state) == THERE) unlink(files[i].path);
  // The status that a shell would give it; a quit without a core, a crash report or a word.
  _exit(128 + number);
}

static void on_alarm(int number) {
  (void)number;
  if (atomic_load(&on_tty)) say("\r\033[K");
  say("flowscope: this step is a long one: it ends and is saved after it; asked once more, it ends "
      "at once\n");
}

static void take(int number, void (*handler)(int), bool even_if_ignored) {
  struct sigaction old, action = {.sa_handler = handler, .sa_flags = SA_RESTART};
  sigemptyset(&action.sa_mask);
  // What the parent had ignored stays ignored: nohup, a shell's background job.
  if (!even_if_ignored && sigaction(number, NULL, &old) == 0 && old.sa_handler == SIG_IGN) return;
  sigaction(number, &action, NULL);
}

void ct_headless_begin(void) {
  static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) take(numbers[i], on_end, false);
}

void ct_headless_saves(void) {
  atomic_store(&on_tty, isatty(STDERR_FILENO) == 1);
  atomic_store(&saves, true);
  take(SIGALRM, on_alarm, true);
  // Somebody who sends one of these means it, even to a job in the background.
  take(SIGINT, on_end, true);
  take(SIGTERM, on_end, true);
}

int32_t ct_headless_signal(void) { return atomic_load(&noted); }

void ct_headless_answered(void) { alarm_in(0); }

static int32_t columns_of(int file) {
  struct winsize window = {0};
  if (isatty(file) != 1) return 0;
  return ioctl(file, TIOCGWINSZ, &window) == 0 && window.ws_col > 0 ? window.ws_col : 80;
}

int32_t ct_message_columns(void) { return columns_of(STDERR_FILENO); }

int32_t ct_output_columns(void) { return columns_of(STDOUT_FILENO); }
