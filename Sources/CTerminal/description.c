// What terminfo knows: which description to use, whether it suffices, how to enter and leave.
#include "internal.h"

#include "curses_header.h"
#if CT_HAVE_CURSES
// After <curses.h>; its macros take common names (lines, columns), so no other file includes it.
#include <term.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "terminfo.h"

// Which description of the terminal --------------------------------------------------------------

static bool starts(const char *text, const char *prefix) {
  return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool ends(const char *text, const char *suffix) {
  size_t n = strlen(text), m = strlen(suffix);
  return n >= m && strcmp(text + n - m, suffix) == 0;
}

/// Sets a variable of the environment (NULL removes it) and returns what it was, to be freed.
static char *exchange(const char *variable, const char *value) {
  const char *set = getenv(variable);
  char *old = set ? strdup(set) : NULL;
  if (value) setenv(variable, value, 1);
  else unsetenv(variable);
  return old;
}

static void put_back(const char *variable, char *old) {
  free(exchange(variable, old));
  free(old);
}

/// newterm with a description of our own.
static SCREEN *open_embedded(const char *name, const char *compiled, FILE *output, FILE *input) {
  char *old = exchange("TERMINFO", compiled);
  SCREEN *result = newterm(name, output, input);
  put_back("TERMINFO", old);
  return result;
}

bool ct_description_is_emulator(const char *term) {
  return !starts(term, "linux") && !starts(term, "vt");
}

static SCREEN *open_best(const char *term, int32_t most_colors, FILE *output, FILE *input) {
  const char *colorterm = getenv("COLORTERM");
  bool claims_direct = ends(term, "-direct") ||
                       (colorterm && (strcmp(colorterm, "truecolor") == 0 ||
                                      strcmp(colorterm, "24bit") == 0));
  if (CT_EXTENDED_COLORS && most_colors > 256 && claims_direct &&
      ct_description_is_emulator(term)) {
    bool multiplexed = starts(term, "tmux") || starts(term, "screen");
    SCREEN *direct =
        multiplexed ? open_embedded("flowscope-tmux-direct", ct_direct_tmux, output, input)
                    : open_embedded("flowscope-direct", ct_direct_xterm, output, input);
    if (direct) return direct;
  }
  if (ends(term, "-direct") && most_colors <= 256) {
    char indexed[128];
    int stem = (int)(strlen(term) - strlen("-direct"));
    snprintf(indexed, sizeof indexed, "%.*s-256color", stem, term);
    SCREEN *fewer = newterm(indexed, output, input);
    if (fewer) return fewer;
  }
  return newterm(term, output, input);
}

SCREEN *ct_description_open(const char *term, int width, int height, int32_t most_colors,
                            FILE *output, FILE *input) {
  // ncurses allocates what a terminal claims to be (82 bytes a cell), so it hears our clamped size,
  // by the way that overrides the others.
  char rows_text[16], columns_text[16];
  snprintf(rows_text, sizeof rows_text, "%d", height);
  snprintf(columns_text, sizeof columns_text, "%d", width);
  char *old_rows = exchange("LINES", rows_text), *old_columns = exchange("COLUMNS", columns_text);
  SCREEN *result = open_best(term, most_colors, output, input);
  put_back("LINES", old_rows);
  put_back("COLUMNS", old_columns);
  return result;
}

// Sequences that enter and leave the screen -----------------------------------------------------

static void append(char *text, size_t size, const char *capability) {
  if (!capability || capability == (char *)-1) return;
  size_t n = strlen(text);
  while (*capability && n + 1 < size) {
    const char *end;
    if (capability[0] == '$' && capability[1] == '<' && (end = strchr(capability, '>')))
      capability = end + 1;  // padding, for hardware of long ago
    else
      text[n++] = *capability++;
  }
  text[n] = 0;
}

void ct_description_sequences(bool synchronised, bool mouse, int rows) {
  char enter[512] = "", leave[512] = "";
  append(enter, sizeof enter, tigetstr("smcup"));
  append(enter, sizeof enter, tigetstr("smkx"));
  append(enter, sizeof enter, tigetstr("civis"));
  // Bracketed paste: what is pasted is no row of keys.
  append(enter, sizeof enter, "\033[?2004h");
  if (mouse) append(enter, sizeof enter, "\033[?1002h\033[?1006h");
  if (synchronised) append(leave, sizeof leave, "\033[?2026l");
  append(leave, sizeof leave, "\033[?2004l");
  if (mouse) append(leave, sizeof leave, "\033[?1006l\033[?1002l");
  append(leave, sizeof leave, tigetstr("sgr0"));
  append(leave, sizeof leave, tigetstr("op"));
  append(leave, sizeof leave, tigetstr("rmkx"));
  append(leave, sizeof leave, tigetstr("cnorm"));
  char *rmcup = tigetstr("rmcup");
  if (rmcup && rmcup != (char *)-1) {
    append(leave, sizeof leave, rmcup);
  } else {
    // No alternate screen: go on below the picture.
    append(leave, sizeof leave, tparm(tigetstr("cup"), rows - 1, 0, 0, 0, 0, 0, 0, 0, 0));
    append(leave, sizeof leave, "\r\n");
  }
  ct_tty_sequences(enter, leave);
}

/// Asks terminfo before newterm does: it tells the reasons apart and touches nothing.
ct_status ct_description_check(const char *term) {
  int result = 0;
  if (setupterm(term, ct_tty_out(), &result) != OK)
    // The stock descriptions of direct colour are often not installed; ours will do.
    return ends(term, "-direct") ? CT_OK : CT_TERM_UNKNOWN;
  char *motion = tigetstr("cup");
  ct_status status = motion && motion != (char *)-1 ? CT_OK : CT_NO_CURSOR_MOTION;
  del_curterm(cur_term);
  return status;
}

#endif
