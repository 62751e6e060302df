# syntax=docker/dockerfile:1
# The embedded engine as a container: `docker run -p 8000:8000 IMAGE`, and any SDK speaks to http://localhost:8000.
# The image holds one static file and one empty folder. The certificates it needs to reach AWS are compiled into the
# binary (golang.org/x/crypto/x509roots/fallback), so that `docker run IMAGE table list` works as well.
FROM --platform=$BUILDPLATFORM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG TARGETOS TARGETARCH VERSION=
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath \
      -ldflags "-s -w -X github.com/ddb-cli/ddb/internal/version.version=$VERSION" -o /out/ddb ./cmd/ddb \
    && mkdir -m 0700 /out/data

FROM scratch
COPY --from=build /out/ddb /ddb
# Numeric, because there is no /etc/passwd to look a name up in, and because Kubernetes' runAsNonRoot wants a number.
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
ENV HOME=/data XDG_DATA_HOME=/data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=2s CMD ["/ddb", "local", "status", "--serving"]
ENTRYPOINT ["/ddb"]
# Every address of the container: which of them the world reaches is for `docker run -p` to say.
CMD ["local", "start", "--host", "0.0.0.0", "--port", "8000"]
