# cmake -DURL=… -P reach.cmake: fails unless the URL can be read. For quickstart, which has cmake before any other client.
file(DOWNLOAD "${URL}" STATUS status TIMEOUT 30)
list(GET status 0 code)
if(NOT code EQUAL 0)
  message(FATAL_ERROR "${status}")
endif()
