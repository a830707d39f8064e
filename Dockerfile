# syntax=docker/dockerfile:1
# An image with Debian's Java: docker build -t fanfare .
# docs/operations.md (Container image) says how to run it, and how to build a smaller one without an engine.

FROM debian:bookworm-slim AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl openjdk-17-jdk-headless unzip \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /fanfare
COPY . .
RUN ./mvnw -B -ntp -pl broker-cli -am package -DskipTests -Dspotless.check.skip

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl openjdk-17-jre-headless \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --system --gid 65532 fanfare \
    && useradd --system --uid 65532 --gid fanfare --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin fanfare \
    && mkdir /etc/fanfare
COPY --from=build /fanfare/broker-cli/target/fanfare.jar /usr/share/fanfare/fanfare.jar

ENV LANG=C.UTF-8
# A container's ports are reached through its network address, not through loopback.
ENV FANFARE_LISTEN_HOST=0.0.0.0
USER 65532:65532
EXPOSE 15674 61613 15672
LABEL org.opencontainers.image.title="Fanfare" \
      org.opencontainers.image.description="A STOMP broker for the web." \
      org.opencontainers.image.licenses="Apache-2.0"
# The admin listener answers on the container's loopback interface. /healthz waits for busy loops, up to 5 s.
HEALTHCHECK --interval=10s --timeout=8s --start-period=10s --retries=3 \
    CMD ["curl", "--fail", "--silent", "--show-error", "http://127.0.0.1:15672/healthz"]
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=60", "-XX:+ExitOnOutOfMemoryError", "-Xmn16m", "-XX:FreqInlineSize=100", "-XX:InlineSmallCode=1000", "-XX:TrimNativeHeapInterval=5000", "-jar", "/usr/share/fanfare/fanfare.jar"]
CMD ["serve"]
