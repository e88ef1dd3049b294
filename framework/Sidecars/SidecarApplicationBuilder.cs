using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sidecars.Hosting;
using Sidecars.Options;
using Sidecars.Telemetry;

namespace Sidecars;

/// <summary>Sets up a sidecar that is a process of its own.</summary>
public sealed class SidecarApplicationBuilder
{
    private readonly WebApplicationBuilder _web;
    private readonly OptionsResult _read;

    internal SidecarApplicationBuilder(
        string[] args, Action<SidecarOptions>? configure, IReadOnlyCollection<string>? applicationFlags)
    {
        // The flags are ours to read: ASP.NET's own reading of them would not take what KServe passes.
        _web = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        _read = SidecarOptionsReader.Read(args, _web.Configuration, configure, applicationFlags: applicationFlags);
        Options = _read.Options ?? new SidecarOptions();
        ((IConfigurationBuilder)_web.Configuration).AddInMemoryCollection(_read.UnknownFlags);
        if (Options.ConfigureLogging)
        {
            _web.Logging.AddKServeConsole(Options);
        }

        _web.Services.AddSingleton<Microsoft.AspNetCore.Connections.IMemoryPoolFactory<byte>>(new ReadBufferPool());
        _web.WebHost.ConfigureKestrel(kestrel => Listening.Configure(kestrel, Options));
        _web.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Options.GracePeriod + Options.DrainDelay);
        _web.Services.Configure<ConsoleLifetimeOptions>(static console => console.SuppressStatusMessages = true);
        Sidecar = _web.Services.AddSidecar(Options);
        OpenTelemetryExport.AddTo(_web);
    }

    /// <summary>The models and the predictor.</summary>
    public SidecarBuilder Sidecar { get; }

    /// <summary>The options as read from flags, environment and configuration; changes made before <see cref="Build"/> count.</summary>
    public SidecarOptions Options { get; }

    /// <summary>The application's services.</summary>
    public IServiceCollection Services => _web.Services;

    /// <summary>The configuration; flags that are none of ours are in it under their names.</summary>
    public IConfigurationManager Configuration => _web.Configuration;

    /// <summary>
    /// Flags that are none of the sidecar's, as given on the command line: name without dashes, value; "true" where no
    /// value followed. KServe's own server lets them pass; an application that has flags of its own finds them here.
    /// </summary>
    public IReadOnlyDictionary<string, string?> OtherFlags => _read.UnknownFlags;

    /// <summary>Words on the command line that belong to no flag, in their order.</summary>
    public IReadOnlyList<string> Words => _read.Words;

    /// <summary>
    /// What the process has to end with instead of running: 0 after <c>--help</c>, 2 after a wrong command line; null to
    /// go on. <see cref="SidecarApplication.RunAsync(System.Threading.CancellationToken)"/> prints the reason.
    /// </summary>
    public int? ExitCode => _read.ExitCode;

    /// <summary>The log's providers.</summary>
    public ILoggingBuilder Logging => _web.Logging;

    /// <summary>Makes the application.</summary>
    public SidecarApplication Build()
    {
        if (_read.ExitCode is not null)
        {
            return new SidecarApplication(null, _read);
        }

        WebApplication app = _web.Build();
        return new SidecarApplication(app, _read);
    }
}
