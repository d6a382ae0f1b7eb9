"""The three commands of gopack, as people type them at a prompt of Windows, with real releases."""

import os

import pytest
import sdks

OLD, NEW = "1.25.14", "1.26.10"
SERVER = """package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
)

func main() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "served") }))
	defer server.Close()
	answer, err := http.Get(server.URL)
	if err != nil {
		panic(err)
	}
	text, _ := io.ReadAll(answer.Body)
	fmt.Println(string(text))
}
"""


@pytest.fixture
def mirror(server):
    archives = [sdks.official(f"go{release}", platform) for release in (OLD, NEW) for platform in ("windows-amd64", "linux-amd64")]
    sdks.mirror(server.root / "go", archives)
    return server.url + "/go"


def test_three_commands(prompt, mirror, tmp_path):
    prompt(f"""
gopack fetch 1.25..1.26 -p windows/amd64,linux/amd64 --source {mirror}
gopack trim --profile minimal
gopack bundle --target E:\\
""")
    project = tmp_path / "work/my programs/a server"
    project.mkdir(parents=True)
    (project / "go.mod").write_text("module server\n\ngo 1.25\n")
    (project / "main.go").write_text(SERVER)
    # -work: wine 8 cannot delete files in the way that Go's programs do.
    run = 'cd "my programs\\a server"\nE:\\go.exe run -work .\ncd ..\\..\n'
    assert "served\n" in prompt(run)
    prompt("gopack verify E:\\")
    assert f"go{OLD} windows/amd64" in prompt(f"gopack use E: {OLD}\nE:\\go.exe version")
    assert f"go{NEW} windows/amd64" in prompt("gopack rollback E:/\nE:\\go.exe version")
    assert "served\n" in prompt(run)
    prompt("gopack verify E:")
    assert sorted(os.listdir(tmp_path / "user/AppData/Local")) == ["gopack"]
