# Parley as an image: the package is built from this tree and installed on a bare Debian. How to use it: docs/packages.md.
#
#   docker build -t parley .
#   docker run -e API_KEY=… -p 127.0.0.1:8000:8000 -v parley:/var/lib/parley parley
ARG DEBIAN=debian:12-slim

FROM ${DEBIAN} AS build
ARG PRESET=release
ENV LANG=C.UTF-8
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
WORKDIR /src
COPY scripts/packages.sh scripts/
RUN source scripts/packages.sh && install_missing "${packages_to_build[@]}" "${packages_to_pack[@]}"
COPY . .
RUN --mount=type=cache,target=/root/.cache/ccache --mount=type=cache,target=/root/.npm \
    cmake --preset ${PRESET} -DBUILD_TESTING=OFF -DPARLEY_BUILD_BENCH=OFF \
    && cmake --build --preset ${PRESET} \
    && cpack --config build/${PRESET}/CPackConfig.cmake -G DEB -B /packages

FROM ${DEBIAN}
# A number of its own, so that `runAsNonRoot` and the owner of a mounted folder can be checked.
RUN groupadd --gid 10001 parley \
    && useradd --uid 10001 --gid parley --home-dir /var/lib/parley --no-create-home --shell /usr/sbin/nologin parley
# The keys that the package makes are for one machine; an image is for many.
RUN --mount=type=bind,from=build,source=/packages,target=/packages \
    apt-get update \
    && apt-get install -y --no-install-recommends /packages/parley_*.deb \
    && rm -rf /etc/parley/.env /var/lib/apt/lists/* /var/log/apt /var/log/dpkg.log /var/log/alternatives.log
ENV PARLEY_HOST=0.0.0.0 PORT=8000 PARLEY_LOG_FORMAT=json
WORKDIR /var/lib/parley
USER 10001:10001
VOLUME /var/lib/parley
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["sh", "-c", "exec parley status --health --url http://127.0.0.1:$PORT"]
ENTRYPOINT ["parley"]
CMD ["serve", "--config", "/etc/parley/parley.yaml"]
LABEL org.opencontainers.image.title="Parley" \
      org.opencontainers.image.description="Host engine for WhatsApp agents" \
      org.opencontainers.image.licenses="MIT"
