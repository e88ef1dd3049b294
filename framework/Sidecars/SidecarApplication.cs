using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sidecars.Hosting;
using Sidecars.Options;
using Sidecars.Serving;
using Sidecars.Telemetry;

namespace Sidecars;

/// <summary>A sidecar as a process: <c>return await SidecarApplication.RunAsync&lt;MyModel&gt;(args);</c></summary>
public sealed class SidecarApplication : IAsyncDisposable
{
    private readonly WebApplication? _web;
    private readonly OptionsResult _read;
    private StarvationGuard? _guard;

    internal SidecarApplication(WebApplication? web, OptionsResult read)
    {
        _web = web;
        _read = read;
        if (web is null)
        {
            return;
        }

        web.UseMiddleware<AccessLog>();
        web.UseRouting();
        web.MapSidecar();
        web.MapFallback("{**path}", RestDispatcher.NotFoundAsync);
    }

    /// <summary>The web application underneath, to map endpoints of one's own beside the sidecar's.</summary>
    /// <exception cref="InvalidOperationException">The command line was wrong or asked for help: nothing will run.</exception>
    public WebApplication Web => _web ?? throw new InvalidOperationException("There is no application: " + _read.Error + _read.Output);

    /// <summary>Runs one model until the process is told to stop.</summary>
    /// <param name="args">The command line; docs/flags.md lists the flags.</param>
    /// <param name="configure">Adds to the sidecar, such as a local predictor.</param>
    /// <returns>The process's exit code: 0, 1 when it could not start, 2 when the command line was wrong.</returns>
    public static Task<int> RunAsync<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TModel>(
        string[] args, Action<SidecarBuilder>? configure = null)
        where TModel : Model =>
        RunAsync(args, sidecar =>
        {
            sidecar.AddModel<TModel>();
            configure?.Invoke(sidecar);
        });

    /// <summary>Runs what the function adds until the process is told to stop.</summary>
    /// <returns>The process's exit code: 0, 1 when it could not start, 2 when the command line was wrong.</returns>
    public static async Task<int> RunAsync(string[] args, Action<SidecarBuilder> configure)
    {
        SidecarApplicationBuilder builder = CreateBuilder(args);
        SidecarApplication app;
        try
        {
            configure(builder.Sidecar);
            app = builder.Build();
        }
        catch (SidecarConfigurationException e)
        {
            return await RefuseAsync(e.Message).ConfigureAwait(false);
        }

        await using (app.ConfigureAwait(false))
        {
            return await app.RunAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Begins a sidecar with more to set up than models.</summary>
    /// <param name="args">The command line; docs/flags.md lists the flags.</param>
    /// <param name="configure">Sets options in code; wins over everything else.</param>
    /// <param name="applicationFlags">Names of flags of the application's own that would otherwise be taken for the beginning
    /// of one of the sidecar's, such as <c>model</c>; null for none. <see cref="SidecarApplicationBuilder.OtherFlags"/> has
    /// their values.</param>
    public static SidecarApplicationBuilder CreateBuilder(
        string[] args, Action<SidecarOptions>? configure = null, IReadOnlyCollection<string>? applicationFlags = null) =>
        new(args, configure, applicationFlags);

    /// <summary>Runs until the process is told to stop.</summary>
    /// <returns>The process's exit code: 0, 1 when it could not start, 2 when the command line was wrong.</returns>
    public async Task<int> RunAsync(CancellationToken cancellation = default)
    {
        if (_web is null)
        {
            await Console.Out.WriteAsync(_read.Output).ConfigureAwait(false);
            await Console.Error.WriteAsync(_read.Error).ConfigureAwait(false);
            return _read.ExitCode ?? 0;
        }

        try
        {
            await StartAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SidecarConfigurationException or IOException or SocketException)
        {
            string message = e is not SidecarConfigurationException && _read.Options is { } options ? Listening.Explain(e, options) : e.Message;
            await DisposeAsync().ConfigureAwait(false);
            return await RefuseAsync(message).ConfigureAwait(false);
        }

        await _web.WaitForShutdownAsync(cancellation).ConfigureAwait(false);
        return 0;
    }

    /// <summary>Loads the models and opens the ports.</summary>
    /// <exception cref="SidecarConfigurationException">Models or options are not right.</exception>
    public async Task StartAsync(CancellationToken cancellation = default)
    {
        ILogger log = Web.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Sidecars");
        foreach (string notice in _read.Notices)
        {
            StartUpLog.Notice(log, notice);
        }

        _guard ??= new StarvationGuard();
        await Web.StartAsync(cancellation).ConfigureAwait(false);
        StartUpLog.Listening(log, string.Join(" and ", Web.Urls));
    }

    /// <summary>Stops taking requests, finishes those in flight, stops the models.</summary>
    public Task StopAsync(CancellationToken cancellation = default) => Web.StopAsync(cancellation);

    /// <summary>Releases everything.</summary>
    public ValueTask DisposeAsync()
    {
        _guard?.Dispose();
        return _web?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    /// <summary>Wrong set-up, or a port that cannot be had: the text says what to do, a stack trace would bury it.</summary>
    private static async Task<int> RefuseAsync(string message)
    {
        await Console.Error.WriteLineAsync("error: " + message).ConfigureAwait(false);
        return 1;
    }
}
