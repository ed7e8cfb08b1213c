// The terminal as Swift sees it: a raw tty, rows of cells through ncurses, keys as codes, and a
// guard that leaves a sane terminal behind whatever happens. One terminal a process.
#ifndef CTERMINAL_H
#define CTERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// One character cell. A colour is −1 (the terminal's own), an index, or 0xRRGGBB where
/// `ct_info.colors` is 0x1000000.
typedef struct {
  uint32_t scalar;
  int32_t foreground;
  int32_t background;
  uint32_t attributes;
} ct_cell;

enum { CT_BOLD = 1, CT_DIM = 2, CT_REVERSE = 4, CT_UNDERLINE = 8 };

typedef enum {
  CT_OK = 0,
  CT_NOT_A_TERMINAL,    // stdout is no terminal, or there is none to read keys from
  CT_TERM_UNSET,        // TERM is unset or empty
  CT_TERM_UNKNOWN,      // no description of TERM is installed
  CT_NO_CURSOR_MOTION,  // the terminal cannot place its cursor (TERM=dumb)
  CT_SYSTEM             // a system call failed; errno says which way
} ct_status;

typedef struct {
  int32_t most_colors;  // 0x1000000 allows 24-bit, 256, 16; 0 means no colour at all
  bool synchronised;    // brackets every frame in CSI ?2026h … l
  bool mouse;           // asks for SGR mouse reports
} ct_options;

typedef struct {
  int32_t colors;  // as granted: 0x1000000, 256, 88, 16, 8 … or 0
  bool unicode;    // the codeset is UTF-8 and the font may have more than the kernel console has
  bool answers;    // may be asked for its background: neither hardware nor the kernel's console
} ct_info;

/// Columns and rows, clamped to what ncurses bears, and the height of a cell over its width
/// (0 where the terminal does not tell pixels).
typedef struct {
  int32_t columns, rows;
  double aspect;
} ct_size;

/// Enters the alternate screen, raw keys, and the guard. On failure nothing is changed.
ct_status ct_start(ct_options options, ct_info *info);
/// Gives the terminal back as it was, and what was printed to stderr meanwhile. May be called
/// at any time, from `atexit` too.
void ct_stop(void);

ct_size ct_current_size(void);
/// Takes the present size over to ncurses; the next frame is drawn whole.
ct_size ct_resize(void);

/// Begins a frame. True when every cell must be put, changed or not.
bool ct_begin(void);
/// Blanks the next frame.
void ct_erase(void);
/// Puts `count` cells at row `y` from column `x` on into the next frame.
void ct_put(int32_t y, int32_t x, const ct_cell *cells, int32_t count);
/// Forgets what is on the screen, so that the next `ct_flush` sends everything.
void ct_invalidate(void);
/// Sends the difference to the last frame. The bytes written, −1 when the terminal is gone, −2
/// when a signal cut the frame short (the next one is sent whole).
int64_t ct_flush(void);
/// What a terminal of so many columns and rows has been told, to say the next frame in fewer bytes; a channel
/// of a colour may be off by so much of 255, of strokes and of the ground behind them. NULL where there is no
/// memory.
typedef struct ct_thrift ct_thrift;
ct_thrift *ct_thrift_make(int32_t columns, int32_t rows, int32_t strokes, int32_t ground);
void ct_thrift_free(ct_thrift *thrift);
/// Nothing is known of the screen any more, as when something else has written on it.
void ct_thrift_forget(ct_thrift *thrift);
/// The same frame in fewer bytes, with a zero behind them, valid until the next one; where there is no memory
/// the frame as it came.
const char *ct_thrift_say(ct_thrift *thrift, const char *bytes, size_t count, size_t *length);
/// Writes a request (such as OSC 11) as it stands.
void ct_send(const char *bytes);

enum {
  CT_INPUT = 1,    // keys are waiting
  CT_WOKEN = 2,    // ct_wake was called
  CT_RESIZED = 4,  // SIGWINCH
  CT_RESUMED = 8,  // back from a suspension; the screen must be drawn whole
  CT_ENDED = 16    // a signal asked for the end, or the terminal is gone
};
/// Sleeps until something of the above or `microseconds` have passed (0 only looks); suspends
/// the process when Ctrl-Z was pressed.
uint32_t ct_wait(int64_t microseconds);
/// Ends `ct_wait`; from any thread or signal handler.
void ct_wake(void);
/// INT, TERM, HUP or QUIT once it arrived, HUP where the terminal vanished; else 0.
int32_t ct_end_signal(void);

/// Without a screen: from now on INT, TERM, HUP and QUIT (those that were not ignored before) remove
/// the remembered files and end the process with the status 128 + signal.
void ct_headless_begin(void);
/// From now on the first of them is only noted, for work that saves itself; where that takes longer
/// than a quarter of a second, a line on stderr says so. A second one ends the process.
void ct_headless_saves(void);
/// The signal that was noted, or 0.
int32_t ct_headless_signal(void);
/// The work has seen it: nothing more needs to be said.
void ct_headless_answered(void);
/// A file that is removed when a signal ends the process; false where there is no room.
bool ct_remember(const char *path);
void ct_forget(const char *path);
/// The columns of the terminal that messages go to, 80 where it does not say; 0 where stderr is none.
int32_t ct_message_columns(void);
/// The same of the terminal that standard output goes to.
int32_t ct_output_columns(void);

/// The next byte of input (0–255), a CT_KEY code, or CT_KEY_NONE. Never sleeps longer than it
/// takes to tell the key Escape from a sequence (25 ms).
int32_t ct_read(void);

enum {
  CT_KEY_NONE = -1,
  CT_KEY_UP = 0x1000,
  CT_KEY_DOWN,
  CT_KEY_LEFT,
  CT_KEY_RIGHT,
  CT_KEY_SHIFT_UP,
  CT_KEY_SHIFT_DOWN,
  CT_KEY_SHIFT_LEFT,
  CT_KEY_SHIFT_RIGHT,
  CT_KEY_HOME,
  CT_KEY_END,
  CT_KEY_PAGE_UP,
  CT_KEY_PAGE_DOWN,
  CT_KEY_INSERT,
  CT_KEY_DELETE,
  CT_KEY_ENTER,
  CT_KEY_BACKSPACE,
  CT_KEY_BACK_TAB,
  CT_KEY_OTHER,
  CT_KEY_F0 = 0x1100  // + number
};

/// A program on a pseudo-terminal of its own; −1 twice where it could not be started.
typedef struct {
  int32_t master, process;
} ct_child;

/// Starts a program (its path, then its arguments, one a line) on a 24-bit terminal of that size.
ct_child ct_child_start(const char *arguments, int32_t columns, int32_t rows);
/// What it prints, waiting at most so long: the bytes read, 0 after that time, −1 once it ended.
int64_t ct_child_read(ct_child child, uint8_t *bytes, int64_t capacity, int64_t milliseconds);
/// Sends keys; false where it took none.
bool ct_child_write(ct_child child, const char *bytes);
/// Waits for its end, or makes it, and gives its status as a shell would; `peak_bytes` is the most
/// memory that it ever held.
int32_t ct_child_end(ct_child child, bool forced, int64_t *peak_bytes);

#endif
