module app.test/lib

go 1.18
