@echo off
rem use.bat - lists the Go trees of this bundle, or makes one of them the current one.
rem   use.bat                      list; * marks the current tree
rem   use.bat 1.22 or go1.22.12 or v_HASH, of several trees 1.22+minimal or 1.22/windows-amd64
rem goenv.bat calls it with --find: it gives _tree the name of the tree that _word means, and switches nothing.
setlocal EnableExtensions DisableDelayedExpansion
set "_bundle=%~dp0"
set "_want=%~1"
if "%~1"=="--find" set "_want=%_word%"
set "_current="
set "_found="
set "_best=-1"
pushd "%_bundle%"
if not "%~2"=="" goto usage
if exist current.txt for /f "usebackq delims=" %%l in ("current.txt") do set "_current=%%l"
if not defined _want goto list
for /f "delims=abcdefghijklmnopqrstuvwxyz0123456789._+-/" %%c in ("a%_want%") do goto unknown
if "%_want:~0,2%"=="v_" goto by_hash
set "_asked=%_want%"
set "_on="
set "_of="
for /f "tokens=1,* delims=/" %%a in ("%_want%") do (
    set "_want=%%a"
    set "_on=%%b"
)
if "%_want:~-1%"=="+" goto no_profile
for /f "tokens=1,* delims=+" %%a in ("%_want%") do (
    set "_want=%%a"
    set "_of=%%b"
)
if defined _on set "_on=%_on:/=_%"
if defined _on set "_on=%_on:-=_%"
if "%_want:~0,2%"=="go" set "_want=%_want:~2%"
for /d %%t in (v_*) do (
    set "_name=%%t"
    call :match
)
goto found
:by_hash
for /d %%t in (%_want%*) do if exist %%t.json call :add %%t
:found
if not defined _found goto unknown
if defined _asked if not "%_found: =%"=="%_found%" call :drop_superseded
if not "%_found: =%"=="%_found%" goto ambiguous
if "%~1"=="--find" goto tell
if exist current\VERSION goto link
rem For the launchers, should the new pointer not survive; and for gopack rollback.
if not defined _current set "_current=-"
set "_current=%_current:"=?%"
for /f "delims=v_0123456789abcdef" %%c in ("a%_current%") do set "_current=-"
if not exist .gopack\ mkdir .gopack
if not "%_current%"=="%_found%" >>.gopack\history echo %_current% %_found%
rem A new pointer is renamed over the old one, so that a reader sees the one or the other. A virus scanner may hold either
rem for a moment. (PING waits for a second; TIMEOUT wants a console.)
>current.txt.new echo %_found%
set "_attempts="
:again
move /y current.txt.new current.txt >nul 2>nul
if not exist current.txt.new goto replaced
set "_attempts=%_attempts%1"
if "%_attempts%"=="1111111111" goto not_replaced
"%SystemRoot%\System32\ping.exe" -n 2 127.0.0.1 >nul
goto again
:replaced
rem A link that Linux has made on NTFS (or macOS on FAT) is a file here, and goes first there.
set "_head="
if exist current set /p _head=<current
if defined _head set "_head=%_head:"=?%"
if "%_head:~0,7%"=="IntxLNK" del /f /a current
if "%_head:~0,4%"=="XSym" del /f /a current
set "_name=%_found%"
call :release
setlocal EnableDelayedExpansion
>&2 echo !_release! is current: !_found!
exit /b 0

:tell
endlocal & set "_tree=%_found%"
exit /b 0

:list
setlocal EnableDelayedExpansion
for /d %%t in (v_*) do (
    set "_name=%%t"
    call :show
)
exit /b 0

rem The first word of VERSION, such as go1.22.12. A directory whose name is not that of a tree has none.
:release
set "_release="
set "_bad="
for /f "delims=v_0123456789abcdef" %%c in ("a%_name%") do set "_bad=1"
if defined _bad exit /b
rem Without a manifest not all of it is there yet.
if not exist "%_name%.json" exit /b
if not exist "%_name%\VERSION" exit /b
for /f "usebackq" %%r in ("%_name%\VERSION") do if not defined _release set "_release=%%r"
set "_release=%_release:"=?%"
exit /b

:show
call :release
if not defined _release exit /b
set "_platforms="
for /d %%p in (%_name%\pkg\tool\*_*) do call :platform %%~nxp
call :profile
set "_mark= "
if "!_name!"=="!_current!" set "_mark=*"
echo !_mark! !_name!  !_release!  !_profile! !_platforms!
exit /b

rem The name of the profile, as the manifest says it.
:profile
set "_profile="
if exist "%_name%.json" for /f "usebackq tokens=1,2 delims=:, " %%a in ("%_name%.json") do if %%a=="profile" if not defined _profile set "_profile=%%~b"
exit /b

:platform
set "_platform=%1"
set "_platforms=%_platforms% %_platform:_=/%"
exit /b

rem By release, or the newest patch of a minor.
:match
call :release
if not defined _release exit /b
set "_patch="
for /f "tokens=1-3 delims=." %%a in ("%_release%") do if "%%a.%%b"=="go%_want%" if not "%%c"=="" set "_patch=%%c"
for /f "delims=0123456789" %%c in ("0%_patch%") do set "_patch="
if "%_release%"=="go%_want%" set "_patch=0"
if not defined _patch exit /b
if defined _on if not exist "%_name%\pkg\tool\%_on%\" exit /b
call :profile
if defined _of if not "%_of%"=="%_profile%" exit /b
if %_patch% lss %_best% exit /b
if %_patch% gtr %_best% set "_found="
set "_best=%_patch%"
call :add %_name%
exit /b

:add
if defined _found (set "_found=%_found% %1") else set "_found=%1"
exit /b

rem Of trees of one release and profile those for the most platforms: a platform that was added has made another tree.
:drop_superseded
set "_kept="
for %%a in (%_found%) do call :keep %%a
set "_found=%_kept%"
exit /b
:keep
set "_superseded="
for %%b in (%_found%) do call :compare %1 %%b
if defined _superseded exit /b
if defined _kept (set "_kept=%_kept% %1") else set "_kept=%1"
exit /b
:compare
set "_name=%1"
call :kind
set "_own=%_kind%"
set "_name=%2"
call :kind
if not "%_kind%"=="%_own%" exit /b
set "_more="
set "_less="
for /d %%p in (%1\pkg\tool\*_*) do if not exist %2\pkg\tool\%%~nxp\ set "_less=1"
for /d %%p in (%2\pkg\tool\*_*) do if not exist %1\pkg\tool\%%~nxp\ set "_more=1"
if defined _more if not defined _less set "_superseded=1"
exit /b
:kind
set "_release="
set "_profile="
set "_stripped="
for /f "usebackq tokens=1,2 delims=:, " %%a in ("%_name%.json") do (
    if %%a=="release" if not defined _release set "_release=%%~b"
    if %%a=="profile" if not defined _profile set "_profile=%%~b"
    if %%a=="stripped" if not defined _stripped set "_stripped=%%~b"
)
set "_kind=%_release% %_profile% %_stripped%"
exit /b

:usage
>&2 echo gopack: usage: use.bat [1.22 or go1.22.12 or v_HASH or 1.22+minimal or 1.22/windows-amd64]
exit /b 2
:unknown
if defined _asked set "_want=%_asked%"
set "_error=@no_such_tree|%_want%|use.bat@"
goto failed
:no_profile
set "_error=@no_profile|%_asked%@"
goto failed
:ambiguous
if defined _asked set "_want=%_asked%"
set "_error=@several_trees|%_want%|%_found%@"
goto failed
:link
set "_error=the pointer of this bundle is the link current: switch it with use.sh or gopack use"
goto failed
:not_replaced
set "_error=cannot rename %_bundle%current.txt.new to current.txt: does another program have it open?"
:failed
setlocal EnableDelayedExpansion
>&2 echo gopack: !_error!
exit /b 1
