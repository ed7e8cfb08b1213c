// ncurses: the frame and its colours. It draws into memory; what it wrote is then sent in one
// piece, so that bytes are counted exactly, a frame is one write inside synchronised output, and
// a crash on another thread cannot mix with it.
#include "internal.h"

#include "curses_header.h"
#if !CT_HAVE_CURSES
#error "the ncurses headers are missing: `make run` installs them (Debian: apt-get install libncurses-dev)"
#else

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wchar.h>

enum { MOST_COLUMNS = 1000, MOST_ROWS = 400 };
// How far a channel of a colour may be off where that saves bytes: one or two of its 64 levels.
enum { STROKES_OFF = 8, GROUND_OFF = 4 };
static const char sync_on[] = "\033[?2026h", sync_off[] = "\033[?2026l";

static SCREEN *screen;
static FILE *output, *input;
static int memory = -1;  // where ncurses writes
static char *frame;      // what goes to the terminal
static size_t frame_capacity;
static bool synchronised, unicode, whole;
static ct_thrift *thrift;  // NULL where frames go out as ncurses writes them

// Locale ---------------------------------------------------------------------------------------

/// Whether the environment names a character set that is not UTF-8, as de_DE.ISO-8859-1 does: the
/// terminal then is of that set, whether or not the locale is installed. C and POSIX name none.
static bool names_other_codeset(void) {
  const char *names[] = {"LC_ALL", "LC_CTYPE", "LANG"}, *value = NULL;
  for (size_t i = 0; i < 3 && !(value && *value); i++) value = getenv(names[i]);
  const char *codeset = value ? strchr(value, '.') : NULL;
  if (!codeset || strncmp(value, "C.", 2) == 0) return false;
  size_t length = strcspn(++codeset, "@");
  return !(length == 5 && strncasecmp(codeset, "UTF-8", 5) == 0) &&
         !(length == 4 && strncasecmp(codeset, "utf8", 4) == 0);
}

static bool use_unicode(void) {
  if (names_other_codeset()) {
    setlocale(LC_CTYPE, "");
    return false;
  }
  // Character types alone: numbers keep their point in every country.
  const char *tries[] = {"", "C.UTF-8", "C.utf8", "en_US.UTF-8", "UTF-8"};
  for (size_t i = 0; i < sizeof tries / sizeof *tries; i++)
    if (setlocale(LC_CTYPE, tries[i]) && strcmp(nl_langinfo(CODESET), "UTF-8") == 0) return true;
  setlocale(LC_CTYPE, "");
  return false;
}

// Size -----------------------------------------------------------------------------------------

/// Exported LINES and COLUMNS override the terminal's own size, as everywhere in curses.
static int from_environment(const char *name) {
  const char *text = getenv(name);
  return text ? atoi(text) : 0;
}

static int32_t clamp(int value, int otherwise, int most) {
  return value <= 0 ? otherwise : value > most ? most : value;
}

ct_size ct_current_size(void) {
  struct winsize window = {0};
  int descriptor = ct_tty_out() >= 0 ? ct_tty_out() : STDOUT_FILENO;
  ioctl(descriptor, TIOCGWINSZ, &window);
  int columns = from_environment("COLUMNS"), rows = from_environment("LINES");
  ct_size size = {clamp(columns > 0 ? columns : window.ws_col, 80, MOST_COLUMNS),
                  clamp(rows > 0 ? rows : window.ws_row, 24, MOST_ROWS), 0};
  if (window.ws_xpixel && window.ws_ypixel && window.ws_col && window.ws_row)
    size.aspect = ((double)window.ws_ypixel / window.ws_row) /
                  ((double)window.ws_xpixel / window.ws_col);
  return size;
}

/// Hardware and the kernel's console get what ncurses knows to be good for them.
static void start_thrift(void) {
  ct_thrift_free(thrift);
  bool helps = ct_description_is_emulator(getenv("TERM"));
  thrift = helps ? ct_thrift_make(COLS, LINES, STROKES_OFF, GROUND_OFF) : NULL;
}

ct_size ct_resize(void) {
  ct_size size = ct_current_size();
  resize_term(size.rows, size.columns);
  if (screen) start_thrift();
  ct_invalidate();
  return size;
}

// Start and stop -------------------------------------------------------------------------------

static ct_status abandon(ct_status status) {
  int reason = errno;
  ct_signals_remove();
  ct_tty_restore(false);
  if (screen) delscreen(screen);
  screen = NULL;
  if (output) fclose(output);
  if (input) fclose(input);
  output = input = NULL;
  if (memory >= 0) close(memory);
  memory = -1;
  ct_tty_close();
  errno = reason;
  return status;
}

ct_status ct_start(ct_options options, ct_info *info) {
  if (screen) return CT_OK;
  if (!isatty(STDOUT_FILENO)) return CT_NOT_A_TERMINAL;
  const char *term = getenv("TERM");
  if (!term || !*term) return CT_TERM_UNSET;
  unicode = use_unicode();
  if (ct_tty_open() != 0) return errno == ENXIO || errno == ENOENT ? CT_NOT_A_TERMINAL : CT_SYSTEM;
  ct_status described = ct_description_check(term);
  if (described != CT_OK) return abandon(described);
  memory = ct_memory("frame");
  output = fdopen(fcntl(ct_tty_out(), F_DUPFD_CLOEXEC, 3), "w");
  input = fdopen(fcntl(ct_tty_in(), F_DUPFD_CLOEXEC, 3), "r");
  if (memory < 0 || !output || !input || ct_signals_prepare() != 0) return abandon(CT_SYSTEM);

  // Before newterm, which takes every signal that is still at its default.
  ct_signals_install();
  ct_size size = ct_current_size();
  screen =
      ct_description_open(term, size.columns, size.rows, options.most_colors, output, input);
  if (!screen) return abandon(CT_TERM_UNKNOWN);
  ct_signals_install();
  cbreak();
  noecho();
  nonl();
  typeahead(-1);
  leaveok(stdscr, TRUE);
  ct_keys_start();
  if (options.most_colors > 0 && has_colors()) start_color();
  bool colors = options.most_colors > 0 && COLORS > 0;
  if (colors) use_default_colors();
  ct_pairs_start(colors);
  // From here on ncurses writes into memory. What it has buffered goes there too and is dropped:
  // the screen is entered and left by sequences of our own, which the guard shares.
  dup2(memory, fileno(output));
  doupdate();
  if (ftruncate(memory, 0) != 0 || lseek(memory, 0, SEEK_SET) != 0) return abandon(CT_SYSTEM);

  synchronised = options.synchronised && ct_description_is_emulator(term);
  ct_description_sequences(synchronised, options.mouse, size.rows);
  ct_tty_raw();
  ct_tty_enter();
  ct_stderr_capture();
  static bool registered;
  if (!registered) registered = atexit(ct_stop) == 0;
  whole = true;
  start_thrift();
  info->colors = colors ? COLORS : 0;
  info->unicode = unicode && ct_description_is_emulator(term);
  info->answers = ct_description_is_emulator(term);
  return CT_OK;
}

void ct_stop(void) {
  if (!screen) return;
  ct_tty_restore(false);
  ct_stderr_release();
  endwin();  // into memory: only so that ncurses knows
  free(frame);
  frame = NULL;
  frame_capacity = 0;
  ct_thrift_free(thrift);
  thrift = NULL;
  abandon(CT_OK);
}

// Frames ---------------------------------------------------------------------------------------

void ct_put(int32_t y, int32_t x, const ct_cell *cells, int32_t count) {
  static cchar_t row[MOST_COLUMNS];
  if (!screen || y < 0 || y >= LINES || x < 0 || x >= COLS) return;
  if (count > COLS - x) count = COLS - x;
  for (int32_t i = 0; i < count; i++) {
    uint32_t scalar = cells[i].scalar;
    if (scalar < 0x20 || scalar == 0x7f) scalar = '?';
    // A character that is not one column wide would shift the rest of its row.
    if (scalar > 0x7e && (!unicode || wcwidth((wchar_t)scalar) != 1)) scalar = '?';
    const wchar_t text[2] = {(wchar_t)scalar, 0};
    uint32_t wanted = cells[i].attributes;
    attr_t attributes = (wanted & CT_BOLD ? A_BOLD : 0) | (wanted & CT_DIM ? A_DIM : 0) |
                        (wanted & CT_REVERSE ? A_REVERSE : 0) |
                        (wanted & CT_UNDERLINE ? A_UNDERLINE : 0);
    int pair = ct_pair(cells[i].foreground, cells[i].background, &attributes);
#if CT_EXTENDED_COLORS
    setcchar(&row[i], text, attributes, 0, &pair);
#else
    setcchar(&row[i], text, attributes, (short)pair, NULL);
#endif
  }
  mvadd_wchnstr(y, x, row, count);
}

void ct_erase(void) {
  if (screen) werase(stdscr);
}

void ct_invalidate(void) { whole = true; }

bool ct_begin(void) {
  if (!screen || !ct_pairs_scarce()) return false;
  ct_pairs_forget();
  whole = true;
  return true;
}

/// Makes room for a frame; false where there is no memory.
static bool reserve(size_t size) {
  if (size <= frame_capacity) return true;
  char *larger = realloc(frame, size + size / 2);
  if (!larger) return false;
  frame = larger;
  frame_capacity = size + size / 2;
  return true;
}

int64_t ct_flush(void) {
  if (!screen) return -1;
  if (whole) {
    clearok(curscr, TRUE);
    if (thrift) ct_thrift_forget(thrift);
  }
  wnoutrefresh(stdscr);
  doupdate();
  whole = false;
  off_t end = lseek(memory, 0, SEEK_CUR);
  if (end <= 0) return 0;
  size_t length = (size_t)end;
  const size_t head = synchronised ? sizeof sync_on - 1 : 0;
  const size_t tail = synchronised ? sizeof sync_off - 1 : 0;
  if (!reserve(head + length + tail)) return -2;
  ssize_t got = pread(memory, frame, length, 0);
  if (got != end || ftruncate(memory, 0) != 0 || lseek(memory, 0, SEEK_SET) != 0) return -1;
  const char *bytes = thrift ? ct_thrift_say(thrift, frame, length, &length) : frame;
  if (length == 0) return 0;
  // Made room for above, unless it has become longer, and then it is not in `frame`.
  size_t total = head + length + tail;
  if (!reserve(total)) return -2;
  memmove(frame + head, bytes, length);
  memcpy(frame, sync_on, head);
  memcpy(frame + head + length, sync_off, tail);
  int outcome = ct_tty_write(frame, total, -1);
  if (outcome == 0) return (int64_t)total;
  whole = true;
  if (outcome == -1) ct_signals_mark_gone();
  return outcome;
}

void ct_send(const char *bytes) {
  if (screen) ct_tty_write(bytes, strlen(bytes), 100);
}

#endif
