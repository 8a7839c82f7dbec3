# SPDX-License-Identifier: Apache-2.0
# Where everything goes (FHS, GNUInstallDirs). The SDK installs itself in sdk/.

install(TARGETS rookery DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS plugin-host DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/rookery)
install(TARGETS exec system_health DESTINATION ${ROOKERY_PLUGIN_DIR})

install(FILES packaging/rookery.yaml DESTINATION ${CMAKE_INSTALL_FULL_SYSCONFDIR}/rookery)
# Samples, commented: people copy what they want to /etc/rookery/conf.d.
install(DIRECTORY conf.d DESTINATION ${CMAKE_INSTALL_DATADIR}/rookery)
install(FILES docs/config.schema.json DESTINATION ${CMAKE_INSTALL_DATADIR}/rookery)

configure_file(systemd/rookery.service.in rookery.service @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/rookery.service
	DESTINATION lib/systemd/system)
install(FILES systemd/rookery.sysusers DESTINATION lib/sysusers.d RENAME rookery.conf)
install(FILES systemd/rookery.tmpfiles DESTINATION lib/tmpfiles.d RENAME rookery.conf)

install(FILES README.md LICENSE CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}
	FILES_MATCHING PATTERN "*.md")
