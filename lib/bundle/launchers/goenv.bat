@echo off
rem goenv.bat - binds the calling cmd session to the Go of this bundle.
rem   call goenv.bat [--portable] [--data-dir DIR] [1.22]
rem 1.22, or else GOPACK_GO, names a tree as for use.bat; without one the current tree is bound.
rem --portable reads config.ini beside this file; --data-dir puts everything writable into DIR.
rem go.bat and gofmt.bat come through here as well: --run NAME, with their arguments as typed in _args.
rem Pointer and settings are read as data: %x:"=?% takes the quotes out of a value, after which nothing in
rem "..." can become a command; !x! is put in after cmd has parsed the line.
setlocal EnableExtensions DisableDelayedExpansion
set "ERRORLEVEL="
set "_bundle=%~dp0"
for %%v in (_run _portable _data _word _tree _two _same _was _was_gopath) do set "%%v="
if defined GOROOT set "_was=%GOROOT:"=?%"
if defined GOPATH set "_was_gopath=%GOPATH:"=?%"
if "%~1"=="--run" goto launcher
set _args=%*
goto options
:launcher
set "_run=%~2"
shift /1
shift /1

rem The options, also taken off the front of _args, which keeps the others as they were typed.
:options
if "%~1"=="--portable" goto portable
if "%~1"=="--data-dir" goto data_dir
set "_first=%~1"
if defined _first set "_first=%_first:"=?%"
if defined _first if "%_first:~0,1%"=="+" if not "%_first%"=="+" goto plus
if defined _run goto pointer
if not defined _first goto pointer
set "_word=%_first%"
if "%~2"=="" goto pointer
set "_error=usage: goenv.bat [--portable] [--data-dir DIR] [1.22]"
goto usage
:plus
set "_word=%_first:~1%"
set _rest=%_args% & rem keeps a blank at the end
:blank
if not "%_rest:~0,1%"==" " goto cut
set _rest=%_rest:~1%
goto blank
:cut
set _args=%_rest:* =%
shift /1
goto options
:portable
set "_portable=1"
set _args=%_args:*--portable=%
shift /1
goto options
:data_dir
set "_error=@no_data_dir@"
if "%~2"=="" goto usage
set "_data=%~2"
set _rest=%_args:*--data-dir=% & rem keeps a blank at the end
if [%2]==["%~2"] goto quoted
:unquoted
if not "%_rest:~0,1%"==" " if not "%_rest:~0,1%"=="=" goto word
set _rest=%_rest:~1%
goto unquoted
:quoted
set _args=%_rest:*" =%
goto next
:word
set _args=%_rest:* =%
:next
shift /1
shift /1
goto options

rem The tree that is named, by the rule of use.bat (it is not called by its path: CALL would expand % and ^ once more); go.exe
rem takes the same. Or else the current tree: the directory link current, the one line of current.txt, or else the directory current.
:pointer
if not defined _word if defined GOPACK_GO set "_word=%GOPACK_GO:"=?%"
if not defined _word goto current
pushd "%_bundle%"
call .\use.bat --find
if not defined _tree exit /b 1
popd
set "_same=+%_tree%"
goto platform
:current
set "_error=@no_pointer|%_bundle:~0,-1%|use.bat@"
set "_link="
for %%f in ("%_bundle%current") do set "_link=%%~af"
if defined _link if "%_link:l=%"=="%_link%" set "_link="
if not exist "%_bundle%current.txt" set "_link=1"
if defined _link if exist "%_bundle%current\VERSION" set "_tree=current"
if defined _tree goto platform
if not exist "%_bundle%current.txt" goto failed
set "_problem=@no_name|%_bundle%current.txt@"
for %%f in ("%_bundle%current.txt") do if %%~zf gtr 20 goto fall_back
for /f "usebackq delims=" %%l in ("%_bundle%current.txt") do (
    if defined _tree set "_two=1"
    set "_tree=%%l"
)
if defined _two goto fall_back
if not defined _tree goto fall_back
set "_name=%_tree:"=?%"
call :check_name
if defined _bad goto fall_back
set "_problem=@lost_tree|%_bundle%current.txt|%_tree%@"
if exist "%_bundle%%_tree%\" goto platform

rem The newest switch on record that leads to, or else from, a tree that is there.
:fall_back
set "_tree="
set "_error=@choose_one|%_problem%|use.bat@"
if not exist "%_bundle%.gopack\history" goto failed
for /f "usebackq tokens=1,2" %%a in ("%_bundle%.gopack\history") do (
    set "_from=%%a"
    set "_to=%%b"
    call :switch
)
if not defined _tree goto failed
call :warn

rem The programs for this machine. Windows on ARM runs amd64 and 386 programs as well, one for amd64 those for 386.
:platform
set "GOROOT=%_bundle%%_tree%"
set "_arch=%PROCESSOR_ARCHITECTURE%"
if defined PROCESSOR_ARCHITEW6432 set "_arch=%PROCESSOR_ARCHITEW6432%"
rem @ architectures
set "_runs="
rem @ runs
set "_platform="
for %%a in (%_arch% %_runs%) do if not defined _platform if exist "%GOROOT%\pkg\tool\windows_%%a\" set "_platform=windows_%%a"
if not defined _platform goto no_platform
set "_bin=%GOROOT%\bin\%_platform%"
if not exist "%_bin%\go.exe" set "_bin=%GOROOT%\bin"

rem The settings, but for what is bound here. A data directory in them is relative to the bundle, that of --data-dir to the
rem working directory. A tree without the cgo tool builds without cgo, whether there is a C compiler or not.
set "_bound=@bound_names@ PATH"
set "_cgo="
if exist "%GOROOT%\pkg\tool\%_platform%\cgo.exe" goto bind
if defined CGO_ENABLED set "_cgo=%CGO_ENABLED:"=?%"
set "CGO_ENABLED=0"
set "_bound=%_bound% CGO_ENABLED"
:bind
set "_asked="
if defined GOTOOLCHAIN set "_asked=%GOTOOLCHAIN:"=?%"
set "GOTOOLCHAIN=local"
set "_base=%CD%\"
set "_cacheprog="
set "_unknown="
set "_stage="
if not defined _portable goto data
set "_error=@no_settings|--portable|%_bundle%config.ini@"
if not exist "%_bundle%config.ini" goto failed
if not defined _data set "_base=%_bundle%"
set "_ini_data="
call :settings
if defined _unknown goto unknown
if not defined _data set "_data=%_ini_data%"

rem Everything that is written goes below the data directory.
:data
set "_named=%_data%"
if not defined _data set "_data=%_bundle%shared"
for %%s in (\ /) do if "%_data:~0,1%"=="%%s" if not "%_data:~0,2%"=="\\" set "_data=%_base:~0,2%%_data%"
if not "%_data:~1,1%"==":" if not "%_data:~0,2%"=="\\" set "_data=%_base%%_data%"
set "_error=@separator|;|%_data%@"
if not "%_data:;=%"=="%_data%" goto failed
rem @ bindings
set "_error=@not_writable|%_data%|--data-dir@"
if not exist "%GOPATH%\" mkdir "%GOPATH%" 2>nul
if not exist "%GOPATH%\" goto failed
set "_probe=%GOPATH%\gopack.%RANDOM%%RANDOM%"
type nul 2>nul >"%_probe%"
if not exist "%_probe%" goto failed
del "%_probe%"
rem (ECHO cannot write "off".)
if not exist "%TEST_TELEMETRY_DIR%\" mkdir "%TEST_TELEMETRY_DIR%"
if not exist "%TEST_TELEMETRY_DIR%\mode" <nul >"%TEST_TELEMETRY_DIR%\mode" set /p "=off"
if not exist "%GOENV%" if exist "%_bundle%shared\gopath\go.env" type "%_bundle%shared\gopath\go.env" >"%GOENV%"
rem go.exe does what batch files cannot: it mends a go.env that an editor of Windows has saved, whenever it is another one;
rem it gives another data directory the modules and the build cache of the bundle, whenever these are others; and once a
rem day it keeps the go command from deleting what gopack bundle --warm has put there and has old times on this medium.
if not exist "%_bundle%go.exe" goto stage
rem (What `go env -w` has written into the copy that a bound session has, go.exe carries over.)
if exist "%GOENV%.here" "%_bundle%go.exe" %_same% --data-dir "%_data%\." env GOENV >nul
set "_upkeep="
set "_checked="
if exist "%GOPATH%\gopack-go-env" for /f "usebackq delims=" %%l in ("%GOPATH%\gopack-go-env") do set "_checked=%%l"
set "_state="
if exist "%GOENV%" for %%f in ("%GOENV%") do set "_state=%%~zf %%~tf"
if not "%_state%"=="%_checked%" set "_upkeep=go.env"
set "_base=%_bundle%shared\gopath\pkg\mod\cache"
set "_filled=-"
set "_seeded="
if exist "%_base%\gopack-modules" for /f "usebackq delims=" %%l in ("%_base%\gopack-modules") do set "_filled=%%l"
if exist "%GOMODCACHE%\cache\gopack-base" for /f "usebackq delims=" %%l in ("%GOMODCACHE%\cache\gopack-base") do set "_seeded=%%l"
if defined _named if exist "%_base%\download\" if not "%_seeded%"=="%_filled%" set "_upkeep=%_upkeep% modules"
set "_base=%_bundle%shared\gopath\cache"
if not exist "%_base%\gopack-warm" goto upkeep
set "_warm="
set "_seeded="
set "_day="
for /f "usebackq delims=" %%l in ("%_base%\gopack-warm") do set "_warm=%%l"
if /i "%_base%"=="%GOCACHE%" set "_seeded=%_warm%"
if exist "%GOCACHE%\gopack-base" for /f "usebackq delims=" %%l in ("%GOCACHE%\gopack-base") do set "_seeded=%%l"
if exist "%GOCACHE%\gopack-day" for /f "usebackq delims=" %%l in ("%GOCACHE%\gopack-day") do set "_day=%%l"
if not "%_seeded% %_day%"=="%_warm% %DATE%" set "_upkeep=%_upkeep% warm"
:upkeep
if not defined _upkeep goto stage
"%_bundle%go.exe" %_same% --data-dir "%_data%\." version >nul
if errorlevel 1 exit /b 1
if exist "%_base%\gopack-warm" >"%GOCACHE%\gopack-day" echo %DATE%
if exist "%GOENV%" for %%f in ("%GOENV%") do >"%GOPATH%\gopack-go-env" echo %%~zf %%~tf

rem A copy of the tree in the data directory, for a slow share: go.exe makes it, and finds it the next time.
:stage
if not "%_stage%"=="always" goto bound
set "_error=@must_name_copy|--data-dir@"
if not defined _named goto failed
set "_error=stage: always: the pointer of this bundle is the link current, which only go.exe can follow: use that"
if "%_tree%"=="current" goto failed
set "_error=go.exe could not copy %_tree% to %_data%\stage"
"%_bundle%go.exe" %_same% --portable --data-dir "%_data%\." version >nul
if errorlevel 1 goto failed
set "GOROOT=%_data%\stage\%_tree%"
set "_bin=%GOROOT%\bin\%_platform%"
if not exist "%_bin%\go.exe" set "_bin=%GOROOT%\bin"
:bound
rem A build cache's program that this machine lacks would end every build: the settings of the bundle do without it. (`go env`
rem sees and changes them as they are; go.exe says what it leaves out of go.env.)
set "_program="
if defined _cacheprog for /f "tokens=1" %%p in ("%_cacheprog%") do set "_program=%%p"
if defined _cacheprog call :find_program
if defined _cacheprog if not defined _program call :name_program
if not defined _program set "_cacheprog="
if defined _cacheprog set "GOCACHEPROG=%_cacheprog%"
if defined GOCACHEPROG goto paths
set "_verb=%~1"
if "%~1"=="-C" set "_verb=%~3"
if "%~1"=="--C" set "_verb=%~3"
if "%_run%%_verb%"=="goenv" goto paths
if not exist "%GOENV%" goto paths
set "_own="
for /f "usebackq tokens=1* delims==" %%k in ("%GOENV%") do if "%%k"=="GOCACHEPROG" set "_own=%%l"
if defined _own set "_own=%_own:"=%"
if not defined _own goto paths
for /f "tokens=1" %%p in ("%_own%") do set "_program=%%p"
call :find_program
if defined _program goto paths
if exist "%GOENV%.here" del "%GOENV%.here"
if exist "%_bundle%go.exe" "%_bundle%go.exe" %_same% --data-dir "%_data%\." version >nul
if exist "%GOENV%.here" set "GOENV=%GOENV%.here"
:paths
set "_error=@separator|;|%_bin%@"
if not "%_bin:;=%"=="%_bin%" goto failed
if defined _asked call :name_toolchain
if "%_cgo%"=="1" >&2 echo gopack: @no_cgo@
if defined _run goto run

rem Out to the caller, where a tree that was bound before makes room in PATH; the one line is expanded before ENDLOCAL forgets the values.
for %%x in ("%_was%") do set "_name=%%~nxx" & call :check_name
if defined _bad if not "%_name%"=="current" set "_was="
endlocal & @bound_out@ & set "CGO_ENABLED=%CGO_ENABLED%" & set "_cacheprog=%_cacheprog%" & set "_bundle=%_bundle%" & set "_portable=%_portable%" & set "_bound=%_bound%" & set "_platform=%_platform%" & set "_was=%_was%" & set "_was_gopath=%_was_gopath%" & set "_gopack_path=%_bin%;%GOPATH%\bin"
if defined _was call set "PATH=%%PATH:%_was%\bin;%_was_gopath%\bin;=%%" & call set "PATH=%%PATH:%_was%\bin\%_platform%;%_was_gopath%\bin;=%%"
set "PATH=%_gopack_path%;%PATH:"=%"
if defined _cacheprog set "GOCACHEPROG=%_cacheprog%"
if defined _portable call :settings
for %%v in (_gopack_path _portable _bound _bundle _key _value _known _name _bad _ini_data _stage _cacheprog _platform _was _was_gopath) do set "%%v="
exit /b 0

:run
set "_error=@no_program|%_bin%\%_run%.exe@"
if not exist "%_bin%\%_run%.exe" goto failed
setlocal EnableDelayedExpansion
set "PATH=!_bin!;!GOPATH!\bin;!PATH!"
"!_bin!\!_run!.exe" !_args!
exit /b %ERRORLEVEL%

rem The toolchain that the caller has asked for and does not get.
:name_toolchain
for %%x in (@any_toolchain@) do if "%_asked%"=="%%x" exit /b
if "%_asked%"=="%GOTOOLCHAIN%" exit /b
set "_release="
for /f "usebackq" %%r in ("%GOROOT%\VERSION") do if not defined _release set "_release=%%r"
for %%x in ("" "+auto" "+path") do if "%_asked%"=="%_release:"=?%%%~x" exit /b
setlocal EnableDelayedExpansion
>&2 echo gopack: @other_release|!_asked!|!_release!|use.bat|config.ini@
exit /b

:settings
for /f "usebackq tokens=1* delims==" %%k in ("%_bundle%config.ini") do (
    set "_key=%%k"
    set "_value=%%l"
    call :setting
)
exit /b

rem One key=value of config.ini. What this file binds itself, settings do not change.
:setting
set "_key=%_key:"=?%"
for /f "tokens=*" %%x in ("%_key%") do set "_key=%%x"
:trim_key
if "%_key:~-1%"==" " set "_key=%_key:~0,-1%" & goto trim_key
if "%_key:~0,1%"=="#" exit /b
if "%_key:~0,1%"==";" exit /b
set "_known="
for %%x in (data_dir @setting_keys@ stage choose_by_project) do if "%_key%"=="%%x" set "_known=1"
if "%_key:~0,4%"=="env." call :check_variable
if not defined _known set "_unknown=%_key%"
if not defined _value exit /b
set "_value=%_value:"=%"
for /f "tokens=*" %%x in ("%_value%") do set "_value=%%x"
:trim_value
if "%_value:~-1%"==" " set "_value=%_value:~0,-1%" & goto trim_value
if not defined _value exit /b
if "%_key%"=="data_dir" set "_ini_data=%_value%"
rem @ settings
if "%_key%"=="env.GOCACHEPROG" set "_cacheprog=%_value%" & exit /b
if "%_key%"=="stage" set "_stage=%_value%"
if "%_key%"=="stage" call :require_one_of @stage@
if "%_key%"=="choose_by_project" call :require_one_of @choose_by_project@
if not "%_key:~0,4%"=="env." exit /b
if defined _known set "%_key:~4%=%_value%"
exit /b

:require_one_of
for %%x in (%*) do if "%_value%"=="%%x" exit /b
set "_unknown=%_key%=%_value%"
exit /b

:check_variable
set "_name=%_key:~4%"
set "_bad="
for %%x in (%_bound%) do if /i "%_name%"=="%%x" set "_bad=1"
if defined _bad set "_value="
if defined _bad set "_known=1"
if not defined _name exit /b
for /f "delims=ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz0123456789" %%c in ("a%_name%") do set "_bad=1"
for /f "delims=0123456789" %%c in ("%_name:~0,1%") do if not defined _bad set "_known=1"
exit /b

rem Empties _program where this machine has none of that name.
:find_program
set "_wanted=%_program%"
if not "%_wanted:\=%"=="%_wanted%" for %%e in ("" .exe) do if exist "%_wanted%%%~e" exit /b
set "_program="
for %%x in ("%_wanted%" "%_wanted%.exe" "%_wanted%.cmd" "%_wanted%.bat") do if not "%%~$PATH:x"=="" set "_program=%_wanted%"
exit /b
:name_program
setlocal EnableDelayedExpansion
set "_error=@lacks_program|!_wanted!@"
>&2 echo gopack: @left_out|env.GOCACHEPROG|!_error!@
exit /b

rem Whether _name is v_ and 16 hex digits.
:check_name
set "_bad="
for /f "delims=v_0123456789abcdef" %%c in ("a%_name%") do set "_bad=1"
if defined _bad exit /b
if not "%_name:~0,2%"=="v_" set "_bad=1"
for /f "delims=0123456789abcdef" %%c in ("a%_name:~2%") do set "_bad=1"
if "%_name:~17,1%"=="" set "_bad=1"
if not "%_name:~18%"=="" set "_bad=1"
exit /b

rem One line of the history.
:switch
set "_name=%_from:"=?%"
call :there
if defined _to set "_name=%_to:"=?%"
if defined _to call :there
exit /b
:there
call :check_name
if defined _bad exit /b
if exist "%_bundle%%_name%\" set "_tree=%_name%"
exit /b

:warn
setlocal EnableDelayedExpansion
>&2 echo gopack: @fell_back|!_problem!|!_tree!|use.bat@
exit /b

:no_platform
pushd "%GOROOT%\pkg\tool"
set "_has="
setlocal EnableDelayedExpansion
for /d %%d in (*_*) do set "_has=!_has! %%d"
>&2 echo gopack: @no_platform|!GOROOT!|windows_!_arch!|!_has!@
exit /b 1

:unknown
set "_error=%_bundle%config.ini: unknown setting"
:usage
setlocal EnableDelayedExpansion
>&2 echo gopack: !_error! !_unknown!
exit /b 2

:failed
setlocal EnableDelayedExpansion
>&2 echo gopack: !_error!
exit /b 1
