# Builds any application of this repository, by default the explainer server, into an image with nothing else in it.
#
#   docker build -t sidecars-explainer:0.1.0 .
#   docker build -t breast-cancer:0.1.0 --build-arg PROJECT=samples/BreastCancer .
#
# Dockerfile.gpu makes the variant with CUDA out of such an image.
#
# PROJECT is a folder with a project that imports eng/Container.props: an application with PublishAot becomes a native file,
# others are compiled ahead of time (ReadyToRun) and bring the runtime along. OPTIONS are further arguments of dotnet.
# What the image says of itself: VERSION, SOURCE (where the code is), REVISION=$(git rev-parse HEAD) and
# CREATED=$(git log -1 --format=%cI).

# What a restore reads, and no more: the layer of the restore stays as long as this does.
FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS projects
WORKDIR /src
COPY . .
RUN mkdir /projects \
    && find . \( -name '*.csproj' -o -name '*.props' -o -name '*.targets' -o -name global.json -o -iname nuget.config -o -name '*.nupkg' \) \
        -exec cp --parents -t /projects {} +

# clang and zlib are what Native AOT links with.
FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS restored
RUN apt-get update \
    && apt-get install -y --no-install-recommends clang zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
ARG PROJECT=explainers/Sidecars.Explainers.Server
ARG OPTIONS=
ARG TARGETARCH
COPY --from=projects /projects .
RUN dotnet restore "$PROJECT" -a "${TARGETARCH:-x64}" $OPTIONS

FROM restored AS build
ARG PROJECT=explainers/Sidecars.Explainers.Server
ARG OPTIONS=
ARG TARGETARCH
COPY . .
# The entry point has one name, whatever the application is called. Whatever the second command prints when it fails is no
# name: such a layer would be kept, and its image never start.
RUN dotnet publish "$PROJECT" -c Release -a "${TARGETARCH:-x64}" --no-restore -o /app $OPTIONS \
    && name="$(dotnet msbuild "$PROJECT" -getProperty:AssemblyName)" \
    && test -x "/app/$name" \
    && ln -s "$name" /app/entrypoint

# Neither a shell nor a package manager.
FROM mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled
# The root file system is read-only, so there is no place for the sockets of diagnostics; ports come from flags. ONNX Runtime
# would send telemetry, keep an id for it in the home directory, and in some releases crash where it cannot.
ENV DOTNET_EnableDiagnostics=0 \
    ASPNETCORE_HTTP_PORTS= \
    ORT_DISABLE_TELEMETRY=1
WORKDIR /app
COPY --from=build /app /app
USER 1654:1654
EXPOSE 8080 8081
ENTRYPOINT ["/app/entrypoint"]
# Last, so that an image of which nothing but this has changed keeps its layers.
ARG PROJECT=explainers/Sidecars.Explainers.Server
ARG VERSION=0.1.0
ARG SOURCE=
ARG REVISION=
ARG CREATED=
LABEL org.opencontainers.image.title="Sidecars: $PROJECT" \
      org.opencontainers.image.description="A KServe transformer or explainer in C#" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.source="$SOURCE" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.created="$CREATED"
