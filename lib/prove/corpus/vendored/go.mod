module vendored

go 1.18

require example.test/greet v1.0.0
