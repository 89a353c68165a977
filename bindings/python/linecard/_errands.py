"""A host's number provider and keeper of messages as the C ABI's callbacks."""

from __future__ import annotations

import logging
from typing import Any, Callable

from . import _ffi
from ._adapter import _DESTROY, _keep, _kept
from ._call import id_text, note, text_member
from .errands import AssetKeeper, ErrandLater, ErrandRefused, Handover, NumberOrder, NumberProvider

lib = _ffi.lib


def _failed(failure: Any, status: int, raised: Exception) -> int:
    answer: int = lib.linecard_fail(failure, status, str(raised).encode("ascii", "replace"), None)
    return answer


def _answered(failure: Any, body: Callable[[], int]) -> int:
    try:
        return body()
    except ErrandLater as raised:
        return _failed(failure, _ffi.E_BUSY, raised)
    except ErrandRefused as raised:
        return _failed(failure, _ffi.E_DENIED, raised)
    except Exception as raised:
        logging.getLogger("linecard").error("a host's callback raised; it is asked again later", exc_info=raised)
        return _ffi.E_CALLBACK
    except BaseException as raised:  # an interrupt is raised after the call
        note(raised)
        return _ffi.E_CALLBACK


def _order(self: int, told: Any, bought: Any, failure: Any) -> int:
    def body() -> int:
        wanted = told[0]
        user_id = id_text(wanted.user_id) if wanted.user_id else None
        order = NumberOrder(wanted.order_id.decode(), id_text(wanted.tenant_id), user_id, wanted.prefix.decode())
        number = _kept[self](order)
        if not isinstance(number, str):
            raise TypeError(f"a provider answers the number as a str, not {type(number).__name__}")
        given: int = lib.linecard_give_number(bought, text_member(number, "direct_number"))
        return given

    return _answered(failure, body)


def _hand_over(self: int, told: Any, failure: Any) -> int:
    def body() -> int:
        what = told[0]
        _kept[self](
            Handover(
                handover_id=what.handover_id.decode(),
                tenant_id=id_text(what.tenant_id),
                user_id=id_text(what.user_id),
                to_user_id=id_text(what.to_user_id),
                external_ref=what.external_ref.decode() or None,
                to_external_ref=what.to_external_ref.decode() or None,
            )
        )
        return _ffi.DONE

    return _answered(failure, body)


_ORDER = _ffi.ORDER(_order)
_HAND_OVER = _ffi.HAND_OVER(_hand_over)


def provider_of(provider: NumberProvider) -> _ffi.Provider:
    made: _ffi.Provider = _ffi.filled(_ffi.Provider)
    made.self, made.destroy, made.order = _keep(provider), _DESTROY, _ORDER
    return made


def assets_of(keeper: AssetKeeper) -> _ffi.Assets:
    made: _ffi.Assets = _ffi.filled(_ffi.Assets)
    made.self, made.destroy, made.hand_over = _keep(keeper), _DESTROY, _HAND_OVER
    return made
