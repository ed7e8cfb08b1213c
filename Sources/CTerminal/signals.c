// Signals: those that ask for something set a flag and wake the loop; those that mean a crash
// give the terminal back first and then take their course.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "internal.h"

static int wake_pipe[2] = {-1, -1};
static atomic_uint flags;
static atomic_bool suspend_wanted;
static atomic_int end_signal;
static atomic_long end_second;
static atomic_flag crashing = ATOMIC_FLAG_INIT;

enum kind { ENDS, CRASHES, RESIZES, SUSPENDS, CONTINUES };
static struct {
  int number;
  enum kind kind;
  const char *name;
} table[] = {
    {SIGINT, ENDS, "SIGINT"},      {SIGTERM, ENDS, "SIGTERM"},
    {SIGHUP, ENDS, "SIGHUP"},      {SIGQUIT, ENDS, "SIGQUIT"},
    // These would end the process too, without a word and with the screen still up.
    {SIGUSR1, ENDS, "SIGUSR1"},    {SIGUSR2, ENDS, "SIGUSR2"},
    {SIGALRM, ENDS, "SIGALRM"},    {SIGVTALRM, ENDS, "SIGVTALRM"},
    {SIGPROF, ENDS, "SIGPROF"},    {SIGXCPU, ENDS, "SIGXCPU"},
#ifdef SIGPWR
    {SIGPWR, ENDS, "SIGPWR"},
#endif
#ifdef SIGSTKFLT
    {SIGSTKFLT, ENDS, "SIGSTKFLT"},
#endif
#ifdef SIGPOLL
    {SIGPOLL, ENDS, "SIGPOLL"},
#endif
    {SIGILL, CRASHES, "SIGILL"},   {SIGTRAP, CRASHES, "SIGTRAP"},
    {SIGSEGV, CRASHES, "SIGSEGV"}, {SIGBUS, CRASHES, "SIGBUS"},
    {SIGFPE, CRASHES, "SIGFPE"},   {SIGABRT, CRASHES, "SIGABRT"},
    {SIGSYS, CRASHES, "SIGSYS"},
    {SIGWINCH, RESIZES, NULL},     {SIGTSTP, SUSPENDS, NULL},
    {SIGCONT, CONTINUES, NULL},
};
enum { SIGNALS = sizeof table / sizeof *table };
static struct sigaction before[SIGNALS];
static bool installed[SIGNALS];

static long seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec;
}

void ct_wake(void) {
  int reason = errno;
  if (wake_pipe[1] >= 0 && write(wake_pipe[1], "w", 1) < 0) {
    // A full pipe wakes just as well.
  }
  errno = reason;
}

static int index_of(int number) {
  int i = 0;
  while (i < SIGNALS - 1 && table[i].number != number) i++;
  return i;
}

/// The signal takes the course that it would have taken without us.
static void hand_over(int number) { sigaction(number, &before[index_of(number)], NULL); }

static void on_end(int number) {
  int none = 0;
  if (atomic_compare_exchange_strong(&end_signal, &none, number)) {
    atomic_store(&end_second, seconds());
  } else if (seconds() - atomic_load(&end_second) >= 2) {
    // Asked again and still here: the loop is stuck. Go at once, but tidily.
    int reason = errno;
    ct_tty_restore(true);
    ct_stderr_release();
    signal(number, SIG_DFL);
    raise(number);
    errno = reason;
  }
  ct_wake();
}

static void on_flag(int number) {
  if (number == SIGWINCH) atomic_fetch_or(&flags, CT_RESIZED);
  if (number == SIGCONT) atomic_fetch_or(&flags, CT_RESUMED | CT_RESIZED);
  if (number == SIGTSTP) atomic_store(&suspend_wanted, true);
  ct_wake();
}

static void say(const char *text) {
  if (write(STDERR_FILENO, text, strlen(text)) < 0) {
    // Nobody is left to be told.
  }
}

static void on_crash(int number, siginfo_t *info, void *context) {
  (void)context;
  if (atomic_flag_test_and_set(&crashing)) {
    // Another thread crashed first and ends the process.
    for (;;) pause();
  }
  ct_tty_restore(true);
  ct_stderr_release();
  say("flowscope: stopped by ");
  say(table[index_of(number)].name);
  say("; the terminal is as it was. Please report this with the lines around it.\n");
  // Swift's backtracer, when it is switched on, would wait 30 s for a key: it reads the end of
  // the file instead.
  int null = open("/dev/null", O_RDONLY);
  if (null >= 0) dup2(null, STDIN_FILENO);
  if (info->si_code <= 0 && info->si_pid != getpid()) {
    // Sent by another process: whoever reports faults would find none and go on, with no screen.
    signal(number, SIG_DFL);
  } else {
    hand_over(number);
  }
  // A fault happens again on return; what was sent, and a breakpoint already passed, does not.
  if (info->si_code <= 0 || number == SIGTRAP || number == SIGABRT) raise(number);
}

int ct_signals_prepare(void) {
  atomic_store(&end_signal, 0);
  atomic_store(&flags, 0);
  atomic_store(&suspend_wanted, false);
  if (wake_pipe[0] >= 0) return 0;
  if (pipe(wake_pipe) != 0) return -1;
  for (int i = 0; i < 2; i++) {
    fcntl(wake_pipe[i], F_SETFD, FD_CLOEXEC);
    fcntl(wake_pipe[i], F_SETFL, O_NONBLOCK);
  }
  return 0;
}

void ct_signals_install(void) {
  static char alternate[64 * 1024];
  const stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate};
  sigaltstack(&stack, NULL);  // a stack overflow on this thread can still be handled
  for (int i = 0; i < SIGNALS; i++) {
    struct sigaction action = {0};
    sigemptyset(&action.sa_mask);
    switch (table[i].kind) {
      case ENDS: action.sa_handler = on_end; break;
      case CRASHES:
        action.sa_sigaction = on_crash;
        action.sa_flags = SA_SIGINFO | SA_ONSTACK;
        for (int j = 0; j < SIGNALS; j++) sigaddset(&action.sa_mask, table[j].number);
        break;
      default: action.sa_handler = on_flag; break;
    }
    struct sigaction old;
    if (sigaction(table[i].number, &action, &old) != 0) continue;
    if (!installed[i]) before[i] = old;
    installed[i] = true;
    // What the parent told us to ignore stays ignored: nohup, a shell's background job.
    if (table[i].kind == ENDS && before[i].sa_handler == SIG_IGN) hand_over(table[i].number);
  }
}

void ct_signals_remove(void) {
  for (int i = 0; i < SIGNALS; i++) {
    if (installed[i]) sigaction(table[i].number, &before[i], NULL);
    installed[i] = false;
  }
}

int ct_wake_descriptor(void) { return wake_pipe[0]; }

unsigned ct_signals_take(void) {
  unsigned taken = atomic_exchange(&flags, 0);
  if (atomic_load(&end_signal) != 0) taken |= CT_ENDED;
  return taken;
}

bool ct_signals_pending(void) {
  return atomic_load(&end_signal) != 0 || atomic_load(&suspend_wanted) ||
         (atomic_load(&flags) & CT_RESUMED) != 0;
}

bool ct_signals_suspend_wanted(void) { return atomic_exchange(&suspend_wanted, false); }

void ct_signals_mark_gone(void) {
  int none = 0;
  atomic_compare_exchange_strong(&end_signal, &none, SIGHUP);
}

int32_t ct_end_signal(void) { return atomic_load(&end_signal); }

void ct_signals_stop_process(void) {
  struct sigaction ours, standard = {.sa_handler = SIG_DFL};
  sigaction(SIGTSTP, &standard, &ours);
  raise(SIGTSTP);  // to this thread, so that nothing runs on before the stop
  sigaction(SIGTSTP, &ours, NULL);
}
