# SPDX-License-Identifier: Apache-2.0
# One place for what every translation unit is compiled and linked with.

option(ROOKERY_WERROR "turn warnings into errors (CI does)" OFF)
set(ROOKERY_SANITIZE "" CACHE STRING "value of -fsanitize=, such as address,undefined")

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
	set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()

add_library(rookery_flags INTERFACE)
target_compile_options(rookery_flags INTERFACE
	-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes
	-Wmissing-prototypes -Wcast-qual -Wwrite-strings -Wformat=2 -Wundef -Wvla
	-fstack-protector-strong -fno-common
	$<$<BOOL:${ROOKERY_WERROR}>:-Werror>)
target_link_options(rookery_flags INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
target_compile_definitions(rookery_flags INTERFACE _GNU_SOURCE)

if(ROOKERY_SANITIZE)
	target_compile_options(rookery_flags INTERFACE
		-fsanitize=${ROOKERY_SANITIZE} -fno-omit-frame-pointer
		-fno-sanitize-recover=all)
	target_link_options(rookery_flags INTERFACE -fsanitize=${ROOKERY_SANITIZE})
elseif(CMAKE_BUILD_TYPE MATCHES "Rel")
	target_compile_definitions(rookery_flags INTERFACE _FORTIFY_SOURCE=2)
	target_compile_options(rookery_flags INTERFACE -fstack-clash-protection)
endif()

# Position-independent executables, also when linking.
include(CheckPIESupported)
check_pie_supported()

# Functions that invite mistakes do not compile in our own units.
set(ROOKERY_BANNED "SHELL:-include ${CMAKE_SOURCE_DIR}/agent/base/banned.h")
