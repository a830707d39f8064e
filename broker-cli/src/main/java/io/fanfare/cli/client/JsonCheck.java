package io.fanfare.cli.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.fanfare.cli.output.CommandException;
import io.fanfare.cli.output.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/** Checks that a body is one JSON value in UTF-8 (RFC 8259). */
final class JsonCheck {

    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonCheck() {}

    /**
     * Checks a body.
     *
     * @param number of the message, from 1, for the error
     * @throws CommandException when it is no JSON; the sentence says where
     */
    static void check(byte[] body, long number) {
        try (JsonParser parser = FACTORY.createParser(
                UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString())) {
            if (parser.nextToken() == null) {
                throw refused(number, "it is empty");
            }
            parser.skipChildren();
            if (parser.nextToken() != null) {
                throw refused(
                        number,
                        "something follows the value at column "
                                + parser.currentTokenLocation().getColumnNr());
            }
        } catch (CharacterCodingException e) {
            throw refused(number, "it is not UTF-8");
        } catch (JsonProcessingException e) {
            throw refused(
                    number,
                    "line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ": " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException("a string can't be read", e);
        }
    }

    private static CommandException refused(long number, String why) {
        return new CommandException(
                ExitCode.FAILED, "message " + number + " is no JSON: " + why, "fanfare pub without --json");
    }
}
