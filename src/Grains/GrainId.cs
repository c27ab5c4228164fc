namespace ChainCrm.Grains;

/// <summary>Identifies a grain: chain (tenant), kind, key. Its text form <c>chain/kind/key</c> is the name of its journal stream.</summary>
public readonly record struct GrainId
{
    /// <summary>Puts the parts together.</summary>
    public GrainId(string chain, string kind, string key) => Stream = Join(chain, kind, key);

    private GrainId(string stream) => Stream = stream;

    /// <summary>The stream name, <c>chain/kind/key</c>.</summary>
    public string Stream { get; }

    /// <summary>The chain (tenant).</summary>
    public ReadOnlySpan<char> Chain => Stream.AsSpan(0, Stream.IndexOf('/', StringComparison.Ordinal));

    /// <summary>The kind, one of <see cref="GrainKinds"/>.</summary>
    public ReadOnlySpan<char> Kind
    {
        get
        {
            var rest = Stream.AsSpan(Chain.Length + 1);
            return rest[..rest.IndexOf('/')];
        }
    }

    /// <summary>The key within chain and kind; may hold further slashes.</summary>
    public string Key
    {
        get
        {
            var first = Stream.IndexOf('/', StringComparison.Ordinal);
            return Stream[(Stream.IndexOf('/', first + 1) + 1)..];
        }
    }

    /// <summary>From a stream name. The name must have the form <c>chain/kind/key</c>.</summary>
    public static GrainId FromStream(string stream) => new(stream);

    /// <summary>The stream name.</summary>
    public override string ToString() => Stream;

    // Every command names its grain: one string and nothing else is made for it.
    private static string Join(string chain, string kind, string key) =>
        string.Create(chain.Length + kind.Length + key.Length + 2, (chain, kind, key), static (stream, parts) =>
        {
            parts.chain.CopyTo(stream);
            stream[parts.chain.Length] = '/';
            var rest = stream[(parts.chain.Length + 1)..];
            parts.kind.CopyTo(rest);
            rest[parts.kind.Length] = '/';
            parts.key.CopyTo(rest[(parts.kind.Length + 1)..]);
        });
}

/// <summary>The kinds of grains. Part of every stream name: never rename.</summary>
public static class GrainKinds
{
    public const string Customer = "customer";
    public const string Store = "store";
    public const string Identity = "identity";
    public const string Programme = "programme";
    public const string AccessKey = "access-key";
    public const string CouponCode = "coupon-code";

    /// <summary>The key of the one programme grain of a chain.</summary>
    public const string ProgrammeKey = "main";
}
