// What ncurses writes for a frame, read as a terminal would; see thrift.c.
#include <string.h>

#include "thrift.h"

enum { MOST_PARAMETERS = 24 };

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

static int at_least(const int *n, int count, int i, int usual) {
  return i < count && n[i] > 0 ? n[i] : usual;
}

static int at_least_1(const int *n, int count, int i) { return at_least(n, count, i, 1); }

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
      if (is_placed && t->x < t->columns) ct_thrift_erase(t, t->x, t->x + first, bytes, size);
      return is_placed && t->x < t->columns;
    case 'K':
      if (!is_placed || t->x >= t->columns || (count > 0 && n[0] > 1)) return false;
      if (count > 0 && n[0] == 1) ct_thrift_erase(t, 0, t->x + 1, bytes, size);
      else ct_thrift_erase(t, t->x, t->columns, bytes, size);
      return true;
    case 'P':
    case '@':
      // The rest of the row moves: it is written anew where ncurses writes it.
      if (!is_placed || t->x >= t->columns) return false;
      ct_thrift_pass(t, bytes, size);
      memset(ct_thrift_cell(t, t->x, t->y), 0, sizeof *t->cells * (size_t)(t->columns - t->x));
      return true;
    case 'r':
      // Rows are about to scroll between the first and this one.
      ct_thrift_pass(t, bytes, size);
      ct_thrift_forget(t);
      t->bottom = at_least(n, count, 1, t->rows) - 1;
      return true;
    case 'J':
      if (count == 0 || n[0] != 2) return false;
      ct_thrift_pass(t, bytes, size);
      for (int i = 0; i < t->columns * t->rows; i++)
        t->cells[i] = (struct shown){' ', {OWN, t->set.background, 0}};
      return true;
    case 'b':
      if (last == UNKNOWN) return false;
      for (int i = 0; i < first; i++) {
        char text[4];
        size_t length = 0;
        for (uint32_t rest = last; length < 4 && rest; rest >>= 8) text[length++] = (char)rest;
        ct_thrift_print(t, last, text, length);
      }
      return true;
    default: return false;
  }
}

/// The sequence that begins at an escape; returns its length.
static size_t escape(struct ct_thrift *t, const char *bytes, size_t left, uint32_t last) {
  if (left >= 3 && (bytes[1] == '(' || bytes[1] == ')')) {
    // A character set: lines are drawn in Unicode, so that it is always the plain one.
    ct_thrift_put(t, bytes, 3);
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
        ct_thrift_put(t, bytes, size);
        return size;
      }
      if (!is_private && control(t, bytes[end], n, count, bytes, size, last)) return size;
      end = size;
    }
  }
  if (end > left) end = left;
  ct_thrift_pass(t, bytes, end);
  ct_thrift_forget(t);
  return end;
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
      else if (c == '\n' && t->y >= 0 && t->y + 1 < t->rows && t->y != t->bottom) t->y++;
      else if (c == '\b' && t->x > 0) t->x--;
      else {
        ct_thrift_pass(t, bytes + at, 1);
        ct_thrift_forget(t);
      }
      at++;
      continue;
    }
    size_t size = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    if (size > count - at) size = count - at;
    last = 0;
    for (size_t i = 0; i < size; i++) last |= (uint32_t)(unsigned char)bytes[at + i] << 8 * i;
    ct_thrift_print(t, last, bytes + at, size);
    at += size;
  }
  *length = t->length;
  ct_thrift_put(t, "", 1);
  if (!t->failed) return t->out;
  ct_thrift_forget(t);
  *length = count;
  return bytes;
}
