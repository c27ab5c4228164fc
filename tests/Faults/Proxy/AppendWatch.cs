using System.Buffers.Binary;
using System.Text;

namespace ChainCrm.Faults.Proxy;

/// <summary>
/// Reads along what a client sends to PostgreSQL and knows whether an append is under way: its text comes in a Parse message, later ones name the statement that
/// was prepared then. One per connection, read and written by the two directions of it.
/// </summary>
internal sealed class AppendWatch
{
    private const int HeaderBytes = 5, KeptBytes = 512, StartupVersion = 3 << 16;
    private readonly byte[] _kept = new byte[KeptBytes];
    private readonly HashSet<string> _appends = new(StringComparer.Ordinal);
    private int _have;
    private long _skip;
    private bool _started;
    private volatile bool _underWay;

    /// <summary>An append was sent and its answer was not seen to its end.</summary>
    public bool UnderWay
    {
        get => _underWay;
        set => _underWay = value;
    }

    /// <summary>What the client sends.</summary>
    public void Sent(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (_skip > 0)
            {
                var skipped = (int)Math.Min(_skip, bytes.Length);
                _skip -= skipped;
                bytes = bytes[skipped..];
                continue;
            }

            // The messages that a connection begins with have no letter before their length.
            var header = _started ? HeaderBytes : HeaderBytes - 1;
            if (_have < header)
            {
                bytes = Keep(bytes, header - _have);
                continue;
            }

            var length = BinaryPrimitives.ReadInt32BigEndian(_kept.AsSpan(header - 4)) + header - 4;
            var wanted = Math.Min(length, KeptBytes);
            if (_have < wanted) bytes = Keep(bytes, wanted - _have);
            if (_have < wanted) continue;
            Whole(length, wanted);
        }

        // A message without a body is whole with its header.
        if (_started && _have == HeaderBytes && BinaryPrimitives.ReadInt32BigEndian(_kept.AsSpan(1)) == 4) Whole(HeaderBytes, HeaderBytes);
    }

    private ReadOnlySpan<byte> Keep(ReadOnlySpan<byte> bytes, int count)
    {
        var now = Math.Min(count, bytes.Length);
        bytes[..now].CopyTo(_kept.AsSpan(_have));
        _have += now;
        return bytes[now..];
    }

    private void Whole(int length, int kept)
    {
        if (_started) Message((char)_kept[0], _kept.AsSpan(HeaderBytes, kept - HeaderBytes));
        // Before the one with the version of the protocol it may be asked whether the server speaks TLS.
        else _started = BinaryPrimitives.ReadInt32BigEndian(_kept.AsSpan(4)) == StartupVersion;
        _skip = length - kept;
        _have = 0;
    }

    private void Message(char type, ReadOnlySpan<byte> body)
    {
        var words = Encoding.UTF8.GetString(body).Split('\0');
        // Parse: name, text. Bind: portal, name.
        if (type == 'P' && words.Length > 1)
        {
            if (words[1].Contains(".append(", StringComparison.Ordinal) || words[1].Contains(".append_owned(", StringComparison.Ordinal)) _appends.Add(words[0]);
            else _appends.Remove(words[0]);
        }

        if (type == 'B' && words.Length > 1 && _appends.Contains(words[1])) _underWay = true;
    }
}
