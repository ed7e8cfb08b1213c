// A program on a pseudo-terminal of its own, as a person's terminal would run it.
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "CTerminal.h"

extern char **environ;

enum { MOST_WORDS = 64, LONGEST_NAME = 256 };

/// Splits lines in place; NULL after the last.
static void split(char *lines, char *words[MOST_WORDS + 1]) {
  int count = 0;
  char *rest = NULL;
  for (char *word = strtok_r(lines, "\n", &rest); word && count < MOST_WORDS;
       word = strtok_r(NULL, "\n", &rest))
    words[count++] = word;
  words[count] = NULL;
}

/// Whether a variable would make this terminal differ from the next one's.
static bool is_personal(const char *variable) {
  static const char *const names[] = {"TERM=",     "COLORTERM=", "LC_ALL=",  "LINES=",
                                      "COLUMNS=",  "NO_COLOR=",  "COLORFGBG=", "TERMINFO=",
                                      "FLOWSCOPE_"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strncmp(variable, names[i], strlen(names[i])) == 0) return true;
  return false;
}

/// Our environment with a plain 24-bit terminal in it; to be freed.
static char **terminal_environment(void) {
  static char *const own[] = {"TERM=xterm-256color", "COLORTERM=truecolor", "LC_ALL=C.UTF-8"};
  const size_t added = sizeof own / sizeof *own;
  size_t count = 0, kept = 0;
  while (environ[count]) count++;
  char **result = calloc(count + added + 1, sizeof *result);
  if (!result) return NULL;
  for (size_t i = 0; i < count; i++)
    if (!is_personal(environ[i])) result[kept++] = environ[i];
  memcpy(result + kept, own, sizeof own);
  return result;
}

/// The other side is opened in a new session, and so becomes its controlling terminal.
static int spawn(pid_t *process, const char *terminal, char *const *words) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  char **variables = terminal_environment();
  if (!variables) return ENOMEM;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, terminal, O_RDWR, 0);
  posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDERR_FILENO);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
  int error = posix_spawn(process, words[0], &actions, &attributes, words, variables);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  free(variables);
  return error;
}

ct_child ct_child_start(const char *arguments, int32_t columns, int32_t rows) {
  ct_child child = {.master = -1, .process = -1};
  char name[LONGEST_NAME];
  char *words[MOST_WORDS + 1];
  char *lines = strdup(arguments);
  int master = posix_openpt(O_RDWR | O_NOCTTY);
  const struct winsize size = {.ws_col = (unsigned short)columns, .ws_row = (unsigned short)rows};
  if (lines && master >= 0 && fcntl(master, F_SETFD, FD_CLOEXEC) == 0 && grantpt(master) == 0 &&
      unlockpt(master) == 0 && ptsname_r(master, name, sizeof name) == 0 &&
      ioctl(master, TIOCSWINSZ, &size) == 0) {
    split(lines, words);
    pid_t process;
    if (words[0] && spawn(&process, name, words) == 0)
      child = (ct_child){.master = master, .process = process};
  }
  if (child.master < 0 && master >= 0) close(master);
  free(lines);
  return child;
}

int64_t ct_child_read(ct_child child, uint8_t *bytes, int64_t capacity, int64_t milliseconds) {
  struct pollfd poll_one = {.fd = child.master, .events = POLLIN};
  int ready = poll(&poll_one, 1, (int)milliseconds);
  if (ready <= 0) return ready < 0 && errno != EINTR ? -1 : 0;
  ssize_t count = read(child.master, bytes, (size_t)capacity);
  if (count < 0 && (errno == EINTR || errno == EAGAIN)) return 0;
  return count > 0 ? count : -1;
}

bool ct_child_write(ct_child child, const char *bytes) {
  const size_t count = strlen(bytes);
  return write(child.master, bytes, count) == (ssize_t)count;
}

int32_t ct_child_end(ct_child child, bool forced, int64_t *peak_bytes) {
  int status = 0;
  struct rusage usage = {0};
  if (forced) kill(child.process, SIGKILL);
  while (wait4(child.process, &status, 0, &usage) < 0 && errno == EINTR) continue;
  close(child.master);
#ifdef __APPLE__
  *peak_bytes = usage.ru_maxrss;
#else
  *peak_bytes = (int64_t)usage.ru_maxrss << 10;
#endif
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
