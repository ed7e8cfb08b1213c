// Waiting, suspending, and keys as codes.
#include "internal.h"

#include "curses_header.h"
#if CT_HAVE_CURSES

#include <poll.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

// wgetch refreshes an ordinary window on the way; a pad has nothing to refresh.
static WINDOW *pad;
static int fruitless;  // times that poll promised input and there was none

void ct_keys_start(void) {
  set_escdelay(25);
  pad = newpad(1, 1);
  keypad(pad, TRUE);
  nodelay(pad, TRUE);
  keyok(KEY_MOUSE, FALSE);  // reports come through as they are: ncurses loses some in bursts
  fruitless = 0;
}

static int wait_for(struct pollfd *list, int64_t microseconds) {
#ifdef __linux__
  const struct timespec time = {microseconds / 1000000, microseconds % 1000000 * 1000};
  return ppoll(list, 2, &time, NULL);
#else
  return poll(list, 2, (int)((microseconds + 999) / 1000));
#endif
}

/// After a stop or a SIGCONT of any origin the shell may have changed everything.
static void resume(void) {
  ct_tty_raw();
  ct_tty_enter();
  ct_invalidate();
}

uint32_t ct_wait(int64_t microseconds) {
  struct pollfd list[2] = {{.fd = ct_tty_in(), .events = POLLIN},
                           {.fd = ct_wake_descriptor(), .events = POLLIN}};
  if (list[0].fd < 0) return CT_ENDED;
  unsigned result = ct_signals_take();
  if (result == 0 && !ct_signals_pending()) {
    wait_for(list, microseconds > 0 ? microseconds : 0);
    result = ct_signals_take();
  }
  if (list[1].revents & POLLIN) {
    char drained[256];
    while (read(list[1].fd, drained, sizeof drained) > 0) {
    }
    result |= CT_WOKEN;
  }
  if (list[0].revents & (POLLHUP | POLLERR | POLLNVAL)) {
    ct_signals_mark_gone();
    result |= CT_ENDED;
  } else if (list[0].revents & POLLIN) {
    result |= CT_INPUT;
  }
  if (ct_signals_suspend_wanted() && !(result & CT_ENDED)) {
    ct_tty_restore(false);
    ct_signals_stop_process();
    result |= CT_RESUMED | CT_RESIZED | (ct_signals_take() & CT_ENDED);
  }
  if (result & CT_RESUMED) resume();
  return result;
}

static int32_t translated(int code) {
  if (code >= KEY_F(1) && code <= KEY_F(63)) return CT_KEY_F0 + (code - KEY_F0);
  switch (code) {
    case KEY_UP: return CT_KEY_UP;
    case KEY_DOWN: return CT_KEY_DOWN;
    case KEY_LEFT: return CT_KEY_LEFT;
    case KEY_RIGHT: return CT_KEY_RIGHT;
    case KEY_SR: return CT_KEY_SHIFT_UP;
    case KEY_SF: return CT_KEY_SHIFT_DOWN;
    case KEY_SLEFT: return CT_KEY_SHIFT_LEFT;
    case KEY_SRIGHT: return CT_KEY_SHIFT_RIGHT;
    case KEY_HOME: case KEY_SHOME: case KEY_A1: return CT_KEY_HOME;
    case KEY_END: case KEY_SEND: case KEY_C1: return CT_KEY_END;
    case KEY_PPAGE: case KEY_A3: return CT_KEY_PAGE_UP;
    case KEY_NPAGE: case KEY_C3: return CT_KEY_PAGE_DOWN;
    case KEY_IC: return CT_KEY_INSERT;
    case KEY_DC: return CT_KEY_DELETE;
    case KEY_ENTER: return CT_KEY_ENTER;
    case KEY_BACKSPACE: return CT_KEY_BACKSPACE;
    case KEY_BTAB: return CT_KEY_BACK_TAB;
    default: return CT_KEY_OTHER;
  }
}

int32_t ct_read(void) {
  if (!pad || ct_tty_in() < 0) return CT_KEY_NONE;
  int code = wgetch(pad);
  if (code == ERR) {
    // Readable and yet nothing, again and again: the end of the file.
    struct pollfd state = {.fd = ct_tty_in(), .events = POLLIN};
    if (poll(&state, 1, 0) > 0 && ++fruitless > 20) ct_signals_mark_gone();
    return CT_KEY_NONE;
  }
  fruitless = 0;
  return code < 0x100 ? code : translated(code);
}

#endif
