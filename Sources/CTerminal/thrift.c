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

#include "internal.h"

enum { MOST_PARAMETERS = 24 };
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
  int at_x, at_y;        // where the cursor is; −1: not known
  struct look set;       // what is set
  bool is_set_known;
  char *out;
  size_t length, capacity;
  bool failed;  // no memory: the frame is sent as it came
};

// Writing --------------------------------------------------------------------------------------

static void put(struct ct_thrift *t, const char *bytes, size_t count) {
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

static void put_text(struct ct_thrift *t, const char *text) { put(t, text, strlen(text)); }

static void put_character(struct ct_thrift *t, uint32_t character) {
  char bytes[4];
  size_t count = 0;
  for (; count < 4 && character; character >>= 8) bytes[count++] = (char)(character & 0xff);
  put(t, bytes, count);
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
  put(t, text + 1, length);
}

static struct shown *cell(struct ct_thrift *t, int x, int y) { return t->cells + y * t->columns + x; }

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
    const struct shown *between = cell(t, t->at_x, y);
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

// Reading --------------------------------------------------------------------------------------

void ct_thrift_forget(struct ct_thrift *t) {
  memset(t->cells, 0, sizeof *t->cells * (size_t)(t->columns * t->rows));
  t->at_x = t->at_y = -1;
  t->is_set_known = false;
}

/// Passes bytes on, after what they may depend on.
static void pass(struct ct_thrift *t, const char *bytes, size_t count) {
  if (t->x >= 0 && t->y >= 0 && t->x < t->columns) move_to(t, t->x, t->y);
  set_look(t, t->wanted, true);
  put(t, bytes, count);
}

static void print(struct ct_thrift *t, uint32_t character, const char *bytes, size_t count) {
  if (t->x < 0 || t->y < 0 || t->x >= t->columns || t->y >= t->rows) {
    pass(t, bytes, count);
    ct_thrift_forget(t);
    return;
  }
  struct shown *place = cell(t, t->x, t->y);
  if (!shows(t, place, character, t->wanted)) {
    move_to(t, t->x, t->y);
    set_look(t, t->wanted, has_strokes(character, t->wanted));
    put(t, bytes, count);
    *place = (struct shown){character, t->set};
    // After the last column the cursor waits on it; where it goes next is the terminal's affair.
    t->at_x = t->x + 1 < t->columns ? t->x + 1 : -1;
  }
  t->x++;
}

/// Blanks of a row, as an erasing sequence leaves them.
static void erase(struct ct_thrift *t, int from, int to, const char *bytes, size_t count) {
  const struct look look = {OWN, t->wanted.background, 0};
  bool is_done = true;
  if (to > t->columns) to = t->columns;
  for (int x = from; x < to; x++) is_done = is_done && shows(t, cell(t, x, t->y), ' ', look);
  if (is_done) return;
  pass(t, bytes, count);
  for (int x = from; x < to; x++)
    *cell(t, x, t->y) = (struct shown){' ', {OWN, t->set.background, 0}};
}

static void set_wanted(struct ct_thrift *t, const int *n, int count, bool *understood) {
  struct look *look = &t->wanted;
  if (count == 0) *look = (struct look){OWN, OWN, 0};
  for (int i = 0; i < count; i++) {
    int v = n[i];
    int32_t *color = v / 10 == 3 || v / 10 == 9 ? &look->foreground : &look->background;
    if (v == 0) *look = (struct look){OWN, OWN, 0};
    else if (v == 1) look->attributes |= BOLD;
    else if (v == 2) look->attributes |= DIM;
    else if (v == 4) look->attributes |= UNDERLINE;
    else if (v == 7) look->attributes |= REVERSE;
    else if (v == 22) look->attributes &= ~(uint32_t)(BOLD | DIM);
    else if (v == 24) look->attributes &= ~(uint32_t)UNDERLINE;
    else if (v == 27) look->attributes &= ~(uint32_t)REVERSE;
    else if (v == 39 || v == 49) *color = OWN;
    else if ((v == 38 || v == 48) && i + 2 < count && n[i + 1] == 5) {
      *color = INDEXED | (n[i + 2] & 255);
      i += 2;
    } else if ((v == 38 || v == 48) && i + 4 < count && n[i + 1] == 2) {
      *color = DIRECT | (n[i + 2] & 255) << 16 | (n[i + 3] & 255) << 8 | (n[i + 4] & 255);
      i += 4;
    } else if ((v >= 30 && v <= 37) || (v >= 40 && v <= 47)) *color = BASIC | v % 10;
    else if (v >= 90 && v <= 97) look->foreground = BASIC | (v - 82);
    else if (v >= 100 && v <= 107) look->background = BASIC | (v - 92);
    else *understood = false;
  }
}

static int at_least_1(const int *n, int count, int i) { return i < count && n[i] > 0 ? n[i] : 1; }

/// A control sequence without private marks; false where it is not one of those that ncurses draws with.
static bool control(struct ct_thrift *t, char final, const int *n, int count, const char *bytes,
                    size_t size, uint32_t last) {
  bool understood = true;
  int first = at_least_1(n, count, 0);
  bool is_placed = t->x >= 0 && t->y >= 0 && t->x <= t->columns;
  switch (final) {
    case 'm': set_wanted(t, n, count, &understood); return understood;
    case 'H':
      t->y = first - 1;
      t->x = at_least_1(n, count, 1) - 1;
      return t->y < t->rows && t->x < t->columns;
    case 'G': t->x = first - 1; return t->y >= 0 && t->x < t->columns;
    case 'd': t->y = first - 1; return t->x >= 0 && t->y < t->rows;
    case 'A': t->y -= first; return is_placed && t->y >= 0;
    case 'B': t->y += first; return is_placed && t->y < t->rows;
    case 'C': t->x += first; return is_placed && t->x < t->columns;
    case 'D': t->x -= first; return is_placed && t->x >= 0;
    case 'X':
      if (is_placed && t->x < t->columns) erase(t, t->x, t->x + first, bytes, size);
      return is_placed && t->x < t->columns;
    case 'K':
      if (!is_placed || t->x >= t->columns || (count > 0 && n[0] > 1)) return false;
      if (count > 0 && n[0] == 1) erase(t, 0, t->x + 1, bytes, size);
      else erase(t, t->x, t->columns, bytes, size);
      return true;
    case 'P':
    case '@':
      // The rest of the row moves: it is written anew where ncurses writes it.
      if (!is_placed || t->x >= t->columns) return false;
      pass(t, bytes, size);
      memset(cell(t, t->x, t->y), 0, sizeof *t->cells * (size_t)(t->columns - t->x));
      return true;
    case 'J':
      if (count == 0 || n[0] != 2) return false;
      pass(t, bytes, size);
      for (int i = 0; i < t->columns * t->rows; i++)
        t->cells[i] = (struct shown){' ', {OWN, t->set.background, 0}};
      return true;
    case 'b':
      if (last == UNKNOWN) return false;
      for (int i = 0; i < first; i++) {
        char text[4];
        size_t length = 0;
        for (uint32_t rest = last; length < 4 && rest; rest >>= 8) text[length++] = (char)rest;
        print(t, last, text, length);
      }
      return true;
    default: return false;
  }
}

/// The sequence that begins at an escape; returns its length.
static size_t escape(struct ct_thrift *t, const char *bytes, size_t left, uint32_t last) {
  if (left >= 3 && (bytes[1] == '(' || bytes[1] == ')')) {
    // A character set: lines are drawn in Unicode, so that it is always the plain one.
    put(t, bytes, 3);
    if (bytes[2] != 'B') ct_thrift_forget(t);
    return 3;
  }
  size_t end = 2;
  bool is_private = false;
  int n[MOST_PARAMETERS], count = 0, value = -1;
  if (left >= 2 && bytes[1] == '[') {
    for (; end < left && (unsigned char)bytes[end] < 0x40; end++) {
      char c = bytes[end];
      if (c >= '0' && c <= '9') value = (value < 0 ? 0 : value * 10) + (c - '0');
      else if (c == ';' || c == ':') {
        if (count < MOST_PARAMETERS) n[count++] = value < 0 ? 0 : value;
        value = -1;
      } else is_private = true;
    }
    if (value >= 0 || count > 0)
      if (count < MOST_PARAMETERS) n[count++] = value < 0 ? 0 : value;
    if (end < left) {
      size_t size = end + 1;
      // Modes, such as not to wrap at the last place of the screen, change no cell.
      if (is_private && (bytes[end] == 'h' || bytes[end] == 'l')) {
        put(t, bytes, size);
        return size;
      }
      if (!is_private && control(t, bytes[end], n, count, bytes, size, last)) return size;
      end = size;
    }
  }
  if (end > left) end = left;
  pass(t, bytes, end);
  ct_thrift_forget(t);
  return end;
}

// Use ------------------------------------------------------------------------------------------

struct ct_thrift *ct_thrift_make(int32_t columns, int32_t rows, int32_t strokes, int32_t ground) {
  struct ct_thrift *t = calloc(1, sizeof *t);
  if (!t) return NULL;
  t->columns = columns;
  t->rows = rows;
  t->strokes = strokes;
  t->ground = ground;
  t->cells = calloc((size_t)(columns * rows), sizeof *t->cells);
  t->x = t->y = -1;
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

const char *ct_thrift_say(struct ct_thrift *t, const char *bytes, size_t count, size_t *length) {
  t->length = 0;
  t->failed = false;
  uint32_t last = UNKNOWN;
  for (size_t at = 0; at < count;) {
    unsigned char c = (unsigned char)bytes[at];
    if (c == 0x1b) {
      at += escape(t, bytes + at, count - at, last);
      continue;
    }
    if (c < 0x20) {
      if (c == '\r') t->x = 0;
      else if (c == '\n' && t->y >= 0 && t->y + 1 < t->rows) t->y++;
      else if (c == '\b' && t->x > 0) t->x--;
      else {
        pass(t, bytes + at, 1);
        ct_thrift_forget(t);
      }
      at++;
      continue;
    }
    size_t size = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    if (size > count - at) size = count - at;
    last = 0;
    for (size_t i = 0; i < size; i++) last |= (uint32_t)(unsigned char)bytes[at + i] << 8 * i;
    print(t, last, bytes + at, size);
    at += size;
  }
  *length = t->length;
  put(t, "", 1);
  if (!t->failed) return t->out;
  ct_thrift_forget(t);
  *length = count;
  return bytes;
}
