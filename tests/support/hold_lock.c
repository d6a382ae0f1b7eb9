/* hold_lock FILE: locks a file as gopack.exe does, says so, and holds the lock until its input ends. */
#include <windows.h>
#include <stdio.h>

int wmain(int count, wchar_t **words) {
  OVERLAPPED at = {0};
  HANDLE file = CreateFileW(words[count - 1], GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                            OPEN_EXISTING, 0, NULL);
  at.Offset = 0xfffffffe;
  at.OffsetHigh = 0x7fffffff;
  if (!LockFileEx(file, LOCKFILE_EXCLUSIVE_LOCK, 0, 1, 0, &at)) return 1;
  puts("locked");
  fflush(stdout);
  while (getchar() != EOF) {
  }
  return 0;
}
