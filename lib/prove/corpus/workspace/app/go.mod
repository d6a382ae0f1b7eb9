module app.test/app

go 1.18
