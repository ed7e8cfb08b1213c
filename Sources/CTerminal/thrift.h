// What thrift.c, which writes, and reading.c, which reads, share.
#ifndef CTERMINAL_THRIFT_H
#define CTERMINAL_THRIFT_H

#include "internal.h"

// Colours: the terminal's own, one of 16 by its parameter, one of 256, or 24 bits.
enum { OWN = 0, BASIC = 1 << 24, INDEXED = 2 << 24, DIRECT = 3 << 24, KIND = 0xff << 24 };
enum { BOLD = 1, DIM = 2, UNDERLINE = 4, REVERSE = 8 };
enum { UNKNOWN = 0 };  // a character that is none: what is shown is not known

struct look {
  int32_t foreground, background;
  uint32_t attributes;
};

struct shown {
  uint32_t character;  // its bytes in UTF-8, the first lowest
  struct look look;
};

struct ct_thrift {
  int columns, rows;
  int strokes, ground;  // how far a channel of a colour may be off
  struct shown *cells;
  int x, y;              // where ncurses believes the cursor to be; −1: it will say
  struct look wanted;    // what it has set
  int bottom;            // the last row of what scrolls
  int at_x, at_y;        // where the cursor is; −1: not known
  struct look set;       // what is set
  bool is_set_known;
  char *out;
  size_t length, capacity;
  bool failed;  // no memory: the frame is sent as it came
};

/// Adds bytes to what the terminal is sent.
void ct_thrift_put(struct ct_thrift *t, const char *bytes, size_t count);
/// Passes bytes on as they are, after what they may depend on.
void ct_thrift_pass(struct ct_thrift *t, const char *bytes, size_t count);
/// A character where ncurses' cursor is, in what it has set.
void ct_thrift_print(struct ct_thrift *t, uint32_t character, const char *bytes, size_t count);
/// Blanks of the cursor's row, as an erasing sequence leaves them.
void ct_thrift_erase(struct ct_thrift *t, int from, int to, const char *bytes, size_t count);
struct shown *ct_thrift_cell(struct ct_thrift *t, int x, int y);

#endif
