/* with_environment PROGRAM [ARGUMENT...]: runs a program under wine; each variable SET_NAME becomes NAME for it, since wine
   gives APPDATA, PATH and others values of its own. */
#include <windows.h>
#include <stdlib.h>

static BOOL WINAPI stay(DWORD event) {  // Ctrl-C is the program's, whose end is waited for
  (void)event;
  return TRUE;
}

int wmain(void) {
  wchar_t *variable = GetEnvironmentStringsW(), *line = GetCommandLineW();
  STARTUPINFOW how = {sizeof how};
  PROCESS_INFORMATION started;
  DWORD status = 127;
  for (; *variable; variable += wcslen(variable) + 1) {
    wchar_t *name = _wcsdup(variable), *end = wcschr(name + 1, L'=');
    *end = 0;
    if (wcsncmp(name, L"SET_", 4) == 0) SetEnvironmentVariableW(name + 4, end + 1);
    free(name);
  }
  line += *line == L'"' ? wcscspn(line + 1, L"\"") + 2 : wcscspn(line, L" ");
  line += wcsspn(line, L" ");
  SetConsoleCtrlHandler(stay, TRUE);
  if (!CreateProcessW(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &how, &started)) return 127;
  WaitForSingleObject(started.hProcess, INFINITE);
  GetExitCodeProcess(started.hProcess, &status);
  return (int)status;
}
