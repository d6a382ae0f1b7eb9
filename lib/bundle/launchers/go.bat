@echo off
rem go.bat - runs the Go of this bundle.
rem   go.bat [--portable] [--data-dir DIR] [+1.22] ARGUMENTS FOR GO...
rem goenv.bat does the work. It is not called (CALL would expand % and ^ once more) but takes over.
setlocal EnableExtensions DisableDelayedExpansion
set _args=%*
"%~dp0goenv.bat" --run go %*
