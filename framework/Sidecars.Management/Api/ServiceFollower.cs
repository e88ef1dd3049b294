using System.Runtime.CompilerServices;

namespace Sidecars.Management.Api;

/// <summary>
/// Follows one service: lists it, watches from there, begins again where the watch ended, and lists anew when the version
/// has expired. Null stands for "it is gone".
/// </summary>
internal sealed class ServiceFollower(ApiServer server, string name, string @namespace)
{
    private static readonly TimeSpan s_firstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(30);

    private string? _version;
    private TimeSpan _wait = s_firstWait;

    public async IAsyncEnumerable<InferenceService?> FollowAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        bool expiredBefore = false;
        while (true)
        {
            if (_version is null)
            {
                Listing? list = await TryListAsync(cancellation).ConfigureAwait(false);
                if (list is null)
                {
                    await PauseAsync(cancellation).ConfigureAwait(false);
                    continue;
                }

                _version = list.ResourceVersion ?? "0";
                yield return list.Items.FirstOrDefault(s => s.Metadata.Name == name);
            }

            bool heard = false;
            await using IAsyncEnumerator<WatchEvent> events =
                WatchStream.ReadAsync(server, @namespace, name, _version, cancellation).GetAsyncEnumerator(cancellation);
            while (await TryNextAsync(events, cancellation).ConfigureAwait(false))
            {
                heard = true;
                _wait = s_firstWait;
                _version = events.Current.Service.Metadata.ResourceVersion ?? _version;
                if (events.Current.Kind != WatchEventKind.Bookmark)
                {
                    yield return events.Current.Kind == WatchEventKind.Deleted ? null : events.Current.Service;
                }
            }

            // A watch that ends without a word is not begun again at once: a server in trouble ends all of them. One that
            // has expired is the exception, once.
            bool expired = _version is null && !expiredBefore;
            expiredBefore = _version is null;
            if (!heard && !expired)
            {
                await PauseAsync(cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task<Listing?> TryListAsync(CancellationToken cancellation)
    {
        var call = new ApiCall("list", ApiCall.InferenceServices, @namespace) { Query = [("fieldSelector", "metadata.name=" + name)] };
        try
        {
            return await Listing.ReadAsync(server, call, labelSelector: null, pageSize: 10, cancellation).ConfigureAwait(false);
        }
        catch (KServeException e) when (IsPassing(e))
        {
            return null;
        }
    }

    /// <summary>Moves on; false when this watch is over.</summary>
    private async ValueTask<bool> TryNextAsync(IAsyncEnumerator<WatchEvent> events, CancellationToken cancellation)
    {
        try
        {
            return await events.MoveNextAsync().ConfigureAwait(false);
        }
        catch (KServeException e) when (e.Error == KServeError.Expired)
        {
            // What happened since is lost: list anew.
            _version = null;
            return false;
        }
        catch (KServeException e) when (IsPassing(e))
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The connection fell silent.
            return false;
        }
    }

    private Task PauseAsync(CancellationToken cancellation)
    {
        TimeSpan wait = _wait;
        _wait = _wait * 2 > s_longestWait ? s_longestWait : _wait * 2;
        return Task.Delay(wait, server.Time, cancellation);
    }

    /// <summary>Whether trying again may help.</summary>
    private static bool IsPassing(KServeException e) => e.Error is KServeError.Unreachable or KServeError.Server;
}
