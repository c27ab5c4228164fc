using System.Text;
using ChainCrm.Client.Load;
using Shouldly;
using Xunit;

namespace ChainCrm.Client.Tests.Load;

public sealed class ResponseReaderTests
{
    private const string WithLength = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\nabcd";
    private const string InChunks = "HTTP/1.1 422 Unprocessable Entity\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\nA\r\n0123456789\r\n0\r\n\r\n";
    private const string WithoutBody = "HTTP/1.1 204 No Content\r\nServer: x\r\n\r\n";

    [Theory]
    [InlineData(WithLength, 200)]
    [InlineData(InChunks, 422)]
    [InlineData(WithoutBody, 204)]
    public void The_end_of_a_response_is_found(string response, int status)
    {
        var read = ResponseReader.Read(Encoding.ASCII.GetBytes(response + "HTTP/1.1 2"));

        read.Length.ShouldBe(response.Length);
        read.Status.ShouldBe(status);
    }

    [Theory]
    [InlineData(WithLength)]
    [InlineData(InChunks)]
    [InlineData(WithoutBody)]
    public void A_part_of_a_response_is_not_taken_for_the_whole(string response)
    {
        for (var length = 0; length < response.Length; length++)
            ResponseReader.Read(Encoding.ASCII.GetBytes(response[..length])).Length.ShouldBe(0, $"after {length} bytes");
    }

    [Fact]
    public void What_is_not_HTTP_is_an_error() =>
        Should.Throw<IOException>(() => ResponseReader.Read("SSH-2.0-OpenSSH\r\n\r\n"u8));

    [Theory]
    [InlineData("""{"status":409,"code":141,"name":"x"}""", 141)]
    [InlineData("""{"code": 7}""", 7)]
    [InlineData("""{"title":"no"}""", 0)]
    [InlineData("", 0)]
    public void The_number_of_a_refusal_is_found(string body, int code) =>
        ResponseReader.ProblemCode(Encoding.UTF8.GetBytes(body)).ShouldBe(code);
}
