// What ncurses writes for a frame, said in fewer bytes. ncurses sets both colours wherever one changes, and
// prints what stands between two changes again without counting what its colours cost: of a picture in
// 24-bit colour that is half of all bytes. This reads its output as a terminal would, and writes what the
// terminal does not show yet.
//
// A character stays as it is shown, and is written in the colours that are set, where they differ from those
// that are wanted by no more than the eye sees: a channel by `strokes` of 255, behind them by `ground`. It is
// what is wanted that is compared, so that nothing drifts.
//
// What is not understood is passed on as it stands, and then nothing is known of the screen.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "thrift.h"

// Writing --------------------------------------------------------------------------------------

void ct_thrift_put(struct ct_thrift *t, const char *bytes, size_t count) {
  if (t->length + count > t->capacity) {
    size_t larger = 2 * (t->length + count) + 4096;
    char *out = realloc(t->out, larger);
    if (!out) {
      t->failed = true;
      return;
    }
    t->out = out;
    t->capacity = larger;
  }
  memcpy(t->out + t->length, bytes, count);
  t->length += count;
}

static void put_text(struct ct_thrift *t, const char *text) { ct_thrift_put(t, text, strlen(text)); }

static void put_character(struct ct_thrift *t, uint32_t character) {
  char bytes[4];
  size_t count = 0;
  for (; count < 4 && character; character >>= 8) bytes[count++] = (char)(character & 0xff);
  ct_thrift_put(t, bytes, count);
}

static int color_text(char *text, size_t size, int32_t color, int base) {
  int value = color & ~KIND;
  switch (color & KIND) {
    case BASIC: return snprintf(text, size, ";%d", value < 8 ? base + value : base + 52 + value);
    case INDEXED: return snprintf(text, size, ";%d;5;%d", base + 8, value);
    case DIRECT:
      return snprintf(text, size, ";%d;2;%d;%d;%d", base + 8, value >> 16, value >> 8 & 255,
                      value & 255);
    default: return snprintf(text, size, ";%d", base + 9);
  }
}

static bool is_near(int32_t a, int32_t b, int most) {
  if (a == b) return true;
  if ((a & KIND) != DIRECT || (b & KIND) != DIRECT) return false;
  for (int shift = 0; shift < 24; shift += 8) {
    int difference = (a >> shift & 255) - (b >> shift & 255);
    if (difference > most || -difference > most) return false;
  }
  return true;
}

/// Sets what differs too much from what is set; of a blank the strokes' colour does not count.
static void set_look(struct ct_thrift *t, struct look wanted, bool has_strokes) {
  char text[96] = "\033[";
  size_t start = 2, length = start;
  bool anew = !t->is_set_known || (t->set.attributes & ~wanted.attributes);
  struct look set = t->set;
  if (anew) {
    text[length++] = ';';
    text[length++] = '0';
    set = (struct look){OWN, OWN, 0};
  }
  uint32_t added = wanted.attributes & ~set.attributes;
  static const struct { uint32_t attribute; char digit; } names[] = {
      {BOLD, '1'}, {DIM, '2'}, {UNDERLINE, '4'}, {REVERSE, '7'}};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (added & names[i].attribute) {
      text[length++] = ';';
      text[length++] = names[i].digit;
    }
  set.attributes |= added;
  if (has_strokes && !is_near(set.foreground, wanted.foreground, t->strokes)) {
    length += (size_t)color_text(text + length, sizeof text - length, wanted.foreground, 30);
    set.foreground = wanted.foreground;
  }
  if (!is_near(set.background, wanted.background, t->ground)) {
    length += (size_t)color_text(text + length, sizeof text - length, wanted.background, 40);
    set.background = wanted.background;
  }
  t->set = set;
  t->is_set_known = true;
  if (length == start) return;
  // The first separator's place is the bracket's.
  text[1] = '\033';
  text[2] = '[';
  text[length] = 'm';
  ct_thrift_put(t, text + 1, length);
}

struct shown *ct_thrift_cell(struct ct_thrift *t, int x, int y) { return t->cells + y * t->columns + x; }

/// Whether the strokes of a cell are seen: all but those of a plain blank.
static bool has_strokes(uint32_t character, struct look look) {
  return character != ' ' || look.attributes & (UNDERLINE | REVERSE);
}

static bool shows(const struct ct_thrift *t, const struct shown *shown, uint32_t character,
                  struct look look) {
  if (shown->character != character ||
      !is_near(shown->look.background, look.background, t->ground))
    return false;
  if (!has_strokes(character, look) && !has_strokes(character, shown->look)) return true;
  return shown->look.attributes == look.attributes &&
         is_near(shown->look.foreground, look.foreground, t->strokes);
}

static void move_to(struct ct_thrift *t, int x, int y) {
  if (t->at_x == x && t->at_y == y) return;
  char text[32];
  int gap = x - t->at_x;
  if (t->at_y == y && t->at_x >= 0 && gap > 0) {
    const struct shown *between = ct_thrift_cell(t, t->at_x, y);
    bool is_set = gap == 1 && t->is_set_known && between->character != UNKNOWN &&
                  between->look.foreground == t->set.foreground &&
                  between->look.background == t->set.background &&
                  between->look.attributes == t->set.attributes;
    if (is_set) {
      put_character(t, between->character);
    } else {
      if (gap == 1) snprintf(text, sizeof text, "\033[C");
      else snprintf(text, sizeof text, "\033[%dC", gap);
      put_text(t, text);
    }
  } else if (t->at_y >= 0 && y == t->at_y + 1 && x == 0) {
    put_text(t, "\r\n");
  } else {
    snprintf(text, sizeof text, "\033[%d;%dH", y + 1, x + 1);
    put_text(t, text);
  }
  t->at_x = x;
  t->at_y = y;
}

// What is drawn ---------------------------------------------------------------------------------

void ct_thrift_forget(struct ct_thrift *t) {
  memset(t->cells, 0, sizeof *t->cells * (size_t)(t->columns * t->rows));
  t->at_x = t->at_y = -1;
  t->is_set_known = false;
}

void ct_thrift_pass(struct ct_thrift *t, const char *bytes, size_t count) {
  if (t->x >= 0 && t->y >= 0 && t->x < t->columns) move_to(t, t->x, t->y);
  set_look(t, t->wanted, true);
  ct_thrift_put(t, bytes, count);
}

void ct_thrift_print(struct ct_thrift *t, uint32_t character, const char *bytes, size_t count) {
  if (t->x < 0 || t->y < 0 || t->x >= t->columns || t->y >= t->rows) {
    ct_thrift_pass(t, bytes, count);
    ct_thrift_forget(t);
    return;
  }
  struct shown *place = ct_thrift_cell(t, t->x, t->y);
  if (!shows(t, place, character, t->wanted)) {
    move_to(t, t->x, t->y);
    set_look(t, t->wanted, has_strokes(character, t->wanted));
    ct_thrift_put(t, bytes, count);
    *place = (struct shown){character, t->set};
    // After the last column the cursor waits on it; where it goes next is the terminal's affair.
    t->at_x = t->x + 1 < t->columns ? t->x + 1 : -1;
  }
  t->x++;
}

void ct_thrift_erase(struct ct_thrift *t, int from, int to, const char *bytes, size_t count) {
  const struct look look = {OWN, t->wanted.background, 0};
  bool is_done = true;
  if (to > t->columns) to = t->columns;
  for (int x = from; x < to; x++) is_done = is_done && shows(t, ct_thrift_cell(t, x, t->y), ' ', look);
  if (is_done) return;
  ct_thrift_pass(t, bytes, count);
  for (int x = from; x < to; x++)
    *ct_thrift_cell(t, x, t->y) = (struct shown){' ', {OWN, t->set.background, 0}};
}

struct ct_thrift *ct_thrift_make(int32_t columns, int32_t rows, int32_t strokes, int32_t ground) {
  struct ct_thrift *t = calloc(1, sizeof *t);
  if (!t) return NULL;
  t->columns = columns;
  t->rows = rows;
  t->strokes = strokes;
  t->ground = ground;
  t->cells = calloc((size_t)(columns * rows), sizeof *t->cells);
  t->x = t->y = -1;
  t->bottom = rows - 1;
  if (!t->cells) {
    free(t);
    return NULL;
  }
  ct_thrift_forget(t);
  return t;
}

void ct_thrift_free(struct ct_thrift *t) {
  if (!t) return;
  free(t->cells);
  free(t->out);
  free(t);
}
