# goenv.ps1 - binds the calling PowerShell (5.1 or newer, on Windows) to the Go of this bundle.
#   . E:\goenv.ps1 [-Portable] [-DataDir DIR]
# -Portable reads config.ini beside this file; -DataDir puts everything writable into DIR.
# Where scripts may not run: powershell -ExecutionPolicy Bypass
# Pointer and settings are read as data: nothing in them is ever run.
param([switch]$Portable, [string]$DataDir)

# A block of its own, so that nothing but the environment changes in the caller.
& {
    param([string]$bundle, [bool]$portable, [string]$dataDir)
    $ErrorActionPreference = 'Stop'
    Set-StrictMode -Version 2

    function Stop-Binding([string]$message) { throw "gopack: $message" }

    function Test-Tree([string]$name) {
        ($name -cmatch '\Av_[0-9a-f]{16}\z') -and [IO.Directory]::Exists("$bundle\$name")
    }

    # The newest switch on record that leads to, or else from, a tree that is there.
    function Get-LastTree([string]$problem) {
        $history = "$bundle\.gopack\history"
        $last = ''
        if ([IO.File]::Exists($history)) {
            foreach ($line in [IO.File]::ReadAllLines($history)) {
                $names = $line.Split(' ')
                foreach ($name in $names) { if (Test-Tree $name) { $last = $name } }
            }
        }
        if (-not $last) { Stop-Binding "$problem; choose one with use.bat" }
        [Console]::Error.WriteLine("gopack: ${problem}: using $last, the last that was chosen; choose another with use.bat")
        $last
    }

    # The name of the current tree: the directory link current, or else the one line of current.txt.
    function Get-Tree {
        if ([IO.File]::Exists("$bundle\current\VERSION")) { return 'current' }
        $file = "$bundle\current.txt"
        if (-not [IO.File]::Exists($file)) { Stop-Binding "no Go is chosen in ${bundle}: choose one with use.bat" }
        $name = [IO.File]::ReadAllText($file) -replace '\r?\n\z', ''
        if (Test-Tree $name) { return $name }
        if ($name -cmatch '\Av_[0-9a-f]{16}\z') { return Get-LastTree "$file names $name, which is not there" }
        Get-LastTree "$file does not name a tree (v_ and 16 hex digits)"
    }

    # config.ini: key=value lines -> data_dir, stage and variables.
    function Get-Settings {
        $settings = @{ data_dir = ''; stage = ''; variables = @{} }
        $file = "$bundle\config.ini"
        if (-not $portable) { return $settings }
        if (-not [IO.File]::Exists($file)) { Stop-Binding "-Portable: cannot read $file" }
        $number = 0
        foreach ($line in [IO.File]::ReadAllLines($file)) {
            $number++
            $line = $line.Trim()
            if (-not $line -or $line[0] -eq '#' -or $line[0] -eq ';') { continue }
            $key, $value = $line.Split([char[]]'=', 2)
            if ($null -eq $value) { Stop-Binding "$file, line ${number}: not of the form key=value: $line" }
            $key = $key.Trim()
            $value = $value.Trim() -replace '\A"(.*)"\z', '$1'
            if ($key -ceq 'data_dir') { $settings.data_dir = $value }
            elseif ($key -ceq 'stage') {
                if (@('', 'auto', 'never', 'always') -cnotcontains $value) {
                    Stop-Binding "$file, line ${number}: stage is one of auto, never, always, not $value"
                }
                $settings.stage = $value
            }
            elseif (@('goproxy', 'gosumdb', 'goprivate', 'gotoolchain') -ccontains $key) {
                if ($value) { $settings.variables[$key.ToUpperInvariant()] = $value }
            }
            elseif ($key -cmatch '\Aenv\.[A-Za-z_][A-Za-z0-9_]*\z') {
                if ($value) { $settings.variables[$key.Substring(4)] = $value }
            }
            else { Stop-Binding "$file, line ${number}: unknown setting '$key'" }
        }
        $settings
    }

    # The platform whose programs run here. Windows on ARM runs amd64 programs as well.
    function Get-PlatformName([string]$root) {
        $processor = $env:PROCESSOR_ARCHITECTURE
        if ($env:PROCESSOR_ARCHITEW6432) { $processor = $env:PROCESSOR_ARCHITEW6432 }
        $names = switch ($processor) {
            'ARM64' { 'windows_arm64', 'windows_amd64', 'windows_386' }
            'AMD64' { 'windows_amd64', 'windows_386' }
            default { 'windows_386' }
        }
        foreach ($name in $names) { if ([IO.Directory]::Exists("$root\pkg\tool\$name")) { return $name } }
        $has = foreach ($path in [IO.Directory]::GetDirectories("$root\pkg\tool", '*_*')) { [IO.Path]::GetFileName($path) }
        Stop-Binding "$root has no Go for $(@($names)[0]), only for: $has"
    }

    # Everything that is written goes below the data directory; what is missing there is made.
    function Initialize-Data([string]$data) {
        if ($data.Contains(';')) { Stop-Binding "Go cannot work in a directory with ; in its name: $data" }
        try {
            [void][IO.Directory]::CreateDirectory("$data\gopath\tmp")
            [void][IO.Directory]::CreateDirectory("$data\telemetry")
            if (-not [IO.File]::Exists("$data\telemetry\mode")) { [IO.File]::WriteAllText("$data\telemetry\mode", 'off') }
            $probe = "$data\gopath\tmp\gopack.$PID"
            [IO.File]::WriteAllText($probe, '')
            [IO.File]::Delete($probe)
        }
        catch { Stop-Binding "cannot write in ${data}: name a place for caches and settings with -DataDir DIR" }
        $preset = "$bundle\shared\gopath\go.env"
        if (-not [IO.File]::Exists("$data\gopath\go.env") -and [IO.File]::Exists($preset)) {
            [IO.File]::Copy($preset, "$data\gopath\go.env")
        }
    }

    # go.exe of the bundle fills and keeps a warm cache, and copies the tree where that is asked for.
    function Invoke-Launcher([string[]]$options) {
        & "$bundle\go.exe" @options version | Out-Null
        if ($LASTEXITCODE -ne 0) { Stop-Binding "$bundle\go.exe has failed" }
    }

    if ($env:OS -cne 'Windows_NT') { Stop-Binding 'this file is for Windows: elsewhere use goenv.sh' }
    $tree = Get-Tree
    $settings = Get-Settings
    $root = "$bundle\$tree"
    $platform = Get-PlatformName $root
    $named = $true
    if ($dataDir) { $data = [IO.Path]::Combine((Get-Location -PSProvider FileSystem).ProviderPath, $dataDir) }
    elseif ($settings.data_dir) { $data = [IO.Path]::Combine("$bundle\", $settings.data_dir) }
    else { $data = "$bundle\shared"; $named = $false }
    $data = [IO.Path]::GetFullPath($data).TrimEnd('\')
    Initialize-Data $data

    if ($settings.stage -ceq 'always') {
        if (-not $named) { Stop-Binding 'stage: always: name a directory for the copy with -DataDir DIR or data_dir' }
        if ($tree -eq 'current') { Stop-Binding 'stage: always: the pointer is the link current, which only go.exe can follow' }
        Invoke-Launcher '--portable', '--data-dir', "$data\."
        $root = "$data\stage\$tree"
    }
    elseif ([IO.File]::Exists("$bundle\go.exe") -and [IO.File]::Exists("$bundle\shared\gopath\cache\gopack-warm")) {
        Invoke-Launcher '--data-dir', "$data\."
    }
    $programs = "$root\bin\$platform"
    if (-not [IO.File]::Exists("$programs\go.exe")) { $programs = "$root\bin" }
    if ($programs.Contains(';')) { Stop-Binding "Go cannot work in a directory with ; in its name: $programs" }

    $gopath = "$data\gopath"
    $values = @{ GOTOOLCHAIN = 'local'; GOFLAGS = [NullString]::Value } # (a plain $null would arrive as an empty text)
    foreach ($name in $settings.variables.Keys) { $values[$name] = $settings.variables[$name] }
    $values['GOROOT'] = $root
    $values['GOPATH'] = $gopath
    $values['GOMODCACHE'] = "$gopath\pkg\mod"
    $values['GOCACHE'] = "$gopath\cache"
    $values['GOENV'] = "$gopath\go.env"
    $values['GOTMPDIR'] = "$gopath\tmp"
    $values['GOBIN'] = "$gopath\bin"
    $values['TEST_TELEMETRY_DIR'] = "$data\telemetry"
    # A tree without the cgo tool builds without cgo, whether there is a C compiler or not.
    if (-not [IO.File]::Exists("$root\pkg\tool\$platform\cgo.exe")) { $values['CGO_ENABLED'] = '0' }
    $path = "$programs;$gopath\bin"
    if ($env:PATH -and -not "$env:PATH;".StartsWith("$path;", [StringComparison]::Ordinal)) { $path = "$path;$env:PATH" }
    elseif ($env:PATH) { $path = $env:PATH }
    $values['PATH'] = $path
    foreach ($name in $values.Keys) { [Environment]::SetEnvironmentVariable($name, $values[$name], 'Process') }
} $PSScriptRoot.TrimEnd('\') $Portable.IsPresent $DataDir

Remove-Variable -Name Portable, DataDir -ErrorAction SilentlyContinue
