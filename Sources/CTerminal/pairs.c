// Pairs of colours: ncurses wants a number for every foreground on a background.
#include "internal.h"

#include "curses_header.h"
#if CT_HAVE_CURSES

#include <stdlib.h>
#include <string.h>

enum { SLOTS = 1 << 17, MOST_PAIRS = 1 << 16 };

static struct slot {
  int32_t foreground, background, pair;  // pair 0: empty
} *slots;
static int count, limit;

void ct_pairs_start(bool colors) {
  if (!slots) slots = malloc(SLOTS * sizeof *slots);
  if (slots) memset(slots, 0, SLOTS * sizeof *slots);
  count = 1;
  limit = !colors || !slots ? 1 : COLOR_PAIRS;
  if (limit > MOST_PAIRS) limit = MOST_PAIRS;
  if (!CT_EXTENDED_COLORS && limit > 32767) limit = 32767;
}

bool ct_pairs_scarce(void) { return limit > 1 && count > limit - limit / 4; }

void ct_pairs_forget(void) {
  memset(slots, 0, SLOTS * sizeof *slots);
  count = 1;
#if CT_EXTENDED_COLORS
  reset_color_pairs();
#endif
}

static struct slot *find(int32_t foreground, int32_t background) {
  uint32_t hash = (uint32_t)foreground * 0x9e3779b1u ^ (uint32_t)background * 0x85ebca6bu;
  hash ^= hash >> 15;
  for (uint32_t i = hash % SLOTS;; i = (i + 1) % SLOTS) {
    struct slot *s = &slots[i];
    if (s->pair == 0 || (s->foreground == foreground && s->background == background)) return s;
  }
}

/// A terminal of 8 colours shows the bright ones as bold, its only way.
static int32_t within(int32_t color, bool strokes, unsigned *attributes) {
  if (color < 0 || color < COLORS) return color;
  if (strokes) *attributes |= A_BOLD;
  return color % 8;
}

int ct_pair(int32_t foreground, int32_t background, unsigned *attributes) {
  if (limit <= 1) return 0;
  foreground = within(foreground, true, attributes);
  background = within(background, false, attributes);
  if (foreground < 0 && background < 0) return 0;
  struct slot *s = find(foreground, background);
  if (s->pair != 0) return s->pair;
  if (count >= limit) {
    // No number left in this frame: keep the strokes' colour if it has one on the plain ground.
    return background >= 0 ? find(foreground, -1)->pair : 0;
  }
#if CT_EXTENDED_COLORS
  if (init_extended_pair(count, foreground, background) != OK) return 0;
#else
  if (init_pair((short)count, (short)foreground, (short)background) != OK) return 0;
#endif
  *s = (struct slot){foreground, background, count};
  return count++;
}

#endif
