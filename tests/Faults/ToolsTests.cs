using System.Buffers.Binary;
using System.Text;
using ChainCrm.Faults.Proxy;
using ChainCrm.Faults.Shim;
using Shouldly;
using Xunit;

namespace ChainCrm.Faults;

/// <summary>The tools that make faults do what they say: a power cut takes back what was not flushed and nothing else; an append is known on the wire.</summary>
public sealed class ToolsTests : IDisposable
{
    private const int SectorBytes = 512;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("faults-tools");

    private string Data => Path.Combine(_folder.FullName, "data");

    private string Log => Path.Combine(_folder.FullName, "log");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_power_cut_takes_back_what_no_flush_covered_and_nothing_else()
    {
        Write(1, 0, "AAAA");
        Flushed(1);
        Write(2, 4, "BBBB");
        Write(3, 0, "CC");

        PowerCut.Strike(Log, new Random(1), percent: 0).ShouldBe(new PowerCut.Damage(0, 2, 0));

        File.ReadAllText(Data).ShouldBe("AAAA");
    }

    [Fact]
    public void A_later_flush_does_not_bring_back_what_a_failed_one_dropped()
    {
        Write(1, 0, "AAAA");
        Flushed(1);
        Write(2, 0, "BBBB");
        Record(Happening.Dropped, 2, 0, 0, [], []);
        Write(3, 4, "CCCC");
        Flushed(3);

        PowerCut.Strike(Log, new Random(1), percent: 0).Lost.ShouldBe(1);

        File.ReadAllText(Data).ShouldBe("AAAACCCC");
    }

    [Fact]
    public void Of_a_torn_write_some_sectors_are_there_and_some_are_not()
    {
        Write(1, 0, new string('a', 64 * SectorBytes));
        Flushed(1);
        var torn = 0;
        for (var seed = 0; torn == 0; seed++)
        {
            Write((ulong)seed + 2, 0, new string('b', 64 * SectorBytes));
            torn = PowerCut.Strike(Log, new Random(seed), percent: 0).Torn;
        }

        var text = File.ReadAllText(Data);
        text.ShouldContain("a");
        text.ShouldContain("b");
        text.Chunk(SectorBytes).ShouldAllBe(sector => sector.Distinct().Count() == 1);
    }

    [Fact]
    public void A_record_cut_off_at_the_end_is_left_out()
    {
        Write(1, 0, "AAAA");
        Write(2, 4, "BBBB");
        using (var log = new FileStream(Log, FileMode.Open)) log.SetLength(log.Length - 1);

        WriteLog.Read(Log).Count.ShouldBe(1);
    }

    [Fact]
    public void An_append_is_known_on_the_wire_by_its_text_and_later_by_its_name_however_the_bytes_come()
    {
        byte[] begin = [0, 0, 0, 8, 4, 210, 22, 47, 0, 0, 0, 9, 0, 3, 0, 0, 0];
        byte[] all = [.. begin, .. Message('P', "\0SELECT 1\0"), .. Message('B', "\0\0"), .. Message('S', ""), .. Message('P', "_p1\0SELECT first_position FROM chain.append($1)\0"), .. Message('S', "")];
        foreach (var step in (int[])[1, 3, all.Length])
        {
            var watch = new AppendWatch();
            foreach (var piece in all.Chunk(step)) watch.Sent(piece);
            watch.UnderWay.ShouldBeFalse("it was prepared, and not sent yet");
            foreach (var piece in Message('B', "\0_p1\0" + new string('x', 5_000)).Chunk(step)) watch.Sent(piece);
            watch.UnderWay.ShouldBeTrue();
        }
    }

    private static byte[] Message(char type, string body)
    {
        var message = new byte[5 + body.Length];
        message[0] = (byte)type;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), 4 + body.Length);
        Encoding.UTF8.GetBytes(body, message.AsSpan(5));
        return message;
    }

    /// <summary>Writes to the file as the library does: kept with what it replaces.</summary>
    private void Write(ulong sequence, int at, string text)
    {
        using var file = new FileStream(Data, FileMode.OpenOrCreate, FileAccess.ReadWrite);
        var (size, bytes) = (file.Length, Encoding.UTF8.GetBytes(text));
        var old = new byte[Math.Clamp(size - at, 0, bytes.Length)];
        file.Position = at;
        file.ReadExactly(old);
        file.Position = at;
        file.Write(bytes);
        Record(Happening.Write, sequence, at, size, bytes, old);
    }

    private void Flushed(ulong upto) => Record(Happening.Flushed, upto, 0, 0, [], []);

    private void Record(Happening kind, ulong sequence, long at, long size, byte[] bytes, byte[] old)
    {
        using var log = new BinaryWriter(new FileStream(Log, FileMode.Append));
        log.Write(0x46415554u);
        log.Write((uint)kind);
        log.Write(sequence);
        log.Write(at);
        log.Write(size);
        log.Write((uint)Data.Length);
        log.Write((uint)bytes.Length);
        log.Write((uint)old.Length);
        log.Write(0u);
        log.Write(Encoding.UTF8.GetBytes(Data));
        log.Write(bytes);
        log.Write(old);
    }
}
