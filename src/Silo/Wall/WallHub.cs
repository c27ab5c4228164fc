using System.Runtime.CompilerServices;
using ChainCrm.Client.Wire;
using ChainCrm.Grains.Directories;
using ChainCrm.Silo.Access;
using Microsoft.AspNetCore.SignalR;

namespace ChainCrm.Silo.Wall;

/// <summary>The hub of the live wall, /hub/wall.</summary>
internal sealed class WallHub(WallService walls, IDirectories directories, TimeProvider clock) : Hub
{
    private const string Watching = "watching";
    private static readonly TimeSpan AccessCheckEvery = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Streams the wall of the caller's chain. A wall that was connected before says what it saw last and goes on from there.
    /// </summary>
    /// <param name="after">Number of the last message seen; 0 for none.</param>
    /// <param name="run">The server's run it belonged to; null for none.</param>
    /// <param name="cancellation">The browser closed the stream.</param>
    public async IAsyncEnumerable<WallMessage> Watch(long after, string? run, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var caller = Context.GetHttpContext()?.GetCaller() ?? throw new HubException("Nobody is signed in.");
        if (!Context.Items.TryAdd(Watching, true)) throw new HubException("This connection watches already.");
        if (!walls.TryOpen())
        {
            Context.Items.Remove(Watching);
            throw new HubException("Too many walls are open.");
        }
        try
        {
            var checkedAt = clock.GetTimestamp();
            await foreach (var message in walls.Channel(caller.Chain).WatchAsync(after, run, cancellation))
            {
                // A connection can outlive the right to it: a revoked key or an ended session ends the stream within seconds.
                if (clock.GetElapsedTime(checkedAt) > AccessCheckEvery)
                {
                    if (!StillAllowed(caller)) yield break;
                    checkedAt = clock.GetTimestamp();
                }
                yield return message;
            }
        }
        finally
        {
            walls.Close();
            Context.Items.Remove(Watching);
        }
    }

    private bool StillAllowed(Caller caller) =>
        (caller.SessionEnds is not { } ends || clock.GetUtcNow() < ends)
        && (caller.Key is not { } key || directories.Key(key.Id) is { IsRevoked: false });
}
