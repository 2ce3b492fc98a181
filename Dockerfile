# The daemon as an image: it runs as nobody in particular, and writes nothing but the store.
#
#   docker build --tag consometer .
#   docker run --read-only --tmpfs /tmp \
#     --volume /etc/swift-consometer:/etc/swift-consometer:ro --volume /etc/swift:/etc/swift:ro \
#     --volume consometer:/var/lib/swift-consometer --publish 127.0.0.1:8080:8080 consometer
#
# - User 1654 must be able to read the configuration, the ring and swift.conf; --group-add GID lends it the group of files that only root and a
#   group may read, as Debian's swift.conf.
# - Page, health and metrics are on the container's own loopback, unless the configuration says `status: {listen: ":8080"}`. Then --publish as
#   above has them on the host's loopback: the page asks nobody for a password.
# - Docker gives a container 10 s to end, and the daemon ends within that; --stop-timeout 30 is for busy disks.
# - docker kill --signal HUP has it read its configuration again.

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY .config/ .config/
COPY .editorconfig Directory.Build.props Directory.Packages.props global.json build.cake build.sh README.md ./
COPY etc/ etc/
COPY src/ src/
RUN ./build.sh publish

FROM mcr.microsoft.com/dotnet/runtime-deps:10.0
COPY --from=build /source/artifacts/linux-x64/ /usr/lib/consometer/
RUN ln -s /usr/lib/consometer/consometer /usr/bin/consometer && \
    install -d -o 1654 -g 1654 -m 0750 /var/lib/swift-consometer

# No socket for debuggers, which could not be made on a read-only root.
ENV DOTNET_EnableDiagnostics=0

# By number: Kubernetes sees by it that this is not root.
USER 1654:1654
VOLUME /var/lib/swift-consometer
EXPOSE 8080

# /healthz by the shell's own means, as the image has no curl. STATUS_PORT is for those whose status.listen has another port; who has none
# (`status: {listen: none}`) runs with --no-healthcheck.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${STATUS_PORT:-8080} && printf 'GET /healthz HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]

# Without arguments it is the daemon, as swift-consometer was; with some any other command.
ENTRYPOINT ["/usr/bin/consometer"]
